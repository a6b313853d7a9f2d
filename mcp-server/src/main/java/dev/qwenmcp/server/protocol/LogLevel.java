package dev.qwenmcp.server.protocol;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** How much a log message matters, as in RFC 5424, the least first. */
public enum LogLevel {
  DEBUG,
  INFO,
  NOTICE,
  WARNING,
  ERROR,
  CRITICAL,
  ALERT,
  EMERGENCY;

  /** The level as MCP writes it. */
  public String written() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Reads what MCP writes. */
  public static Optional<LogLevel> of(String written) {
    return Arrays.stream(values()).filter(level -> level.written().equals(written)).findFirst();
  }
}
