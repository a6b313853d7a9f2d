package dev.qwenmcp.server.cli;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import java.nio.charset.StandardCharsets;
import java.time.LocalTime;
import java.time.ZoneId;

/**
 * Writes log events as lines: {@code 12:34:56.789 WARN Name [thread] message}, then the stack trace
 * if there is one.
 *
 * <p>Logback's patterns could say the same, but loading all that patterns may say takes a fiftieth
 * of the time until a server's first answer.
 */
final class LogLines extends EncoderBase<ILoggingEvent> {
  private static final byte[] NOTHING = new byte[0];

  @Override
  public byte[] headerBytes() {
    return NOTHING;
  }

  @Override
  public byte[] encode(ILoggingEvent event) {
    StringBuilder line = new StringBuilder();
    appendTime(line, LocalTime.ofInstant(event.getInstant(), ZoneId.systemDefault()));
    line.append(' ').append(event.getLevel());
    for (int i = event.getLevel().toString().length(); i < 5; i++) {
      line.append(' ');
    }
    String name = event.getLoggerName();
    line.append(' ').append(name, name.lastIndexOf('.') + 1, name.length());
    line.append(" [").append(event.getThreadName()).append("] ");
    line.append(event.getFormattedMessage()).append(System.lineSeparator());
    IThrowableProxy failure = event.getThrowableProxy();
    if (failure != null) {
      line.append(ThrowableProxyUtil.asString(failure));
    }
    return line.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static void appendTime(StringBuilder line, LocalTime time) {
    appendDigits(line, time.getHour(), 10);
    appendDigits(line.append(':'), time.getMinute(), 10);
    appendDigits(line.append(':'), time.getSecond(), 10);
    appendDigits(line.append('.'), time.getNano() / 1_000_000, 100);
  }

  /**
   * @param place what the first digit stands for: 10 for two digits
   */
  private static void appendDigits(StringBuilder line, int number, int place) {
    for (int at = place; at > 0; at /= 10) {
      line.append((char) ('0' + number / at % 10));
    }
  }

  @Override
  public byte[] footerBytes() {
    return NOTHING;
  }
}
