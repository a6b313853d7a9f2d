package dev.qwenmcp.server.protocol;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** How grave a remark to the client's log is, as in RFC 5424; the gravest last. */
public enum LogLevel {
  DEBUG,
  INFO,
  NOTICE,
  WARNING,
  ERROR,
  CRITICAL,
  ALERT,
  EMERGENCY;

  /** The level as MCP names it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The level that MCP names so. */
  public static Optional<LogLevel> of(String word) {
    return Arrays.stream(values()).filter(level -> level.word().equals(word)).findFirst();
  }
}
