package dev.qwenmcp.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogLinesTest {
  private final LoggerContext context = new LoggerContext();

  private LoggingEvent event(String level, Instant time, Throwable failure) {
    LoggingEvent event =
        new LoggingEvent(
            "here",
            context.getLogger("dev.qwenmcp.server.Some"),
            Level.valueOf(level),
            "{} of {} – 完",
            failure,
            new Object[] {1, "two"});
    event.setInstant(time);
    event.setThreadName("a thread");
    return event;
  }

  @ParameterizedTest
  @ValueSource(strings = {"ERROR", "WARN", "INFO", "DEBUG", "TRACE"})
  void sayWhatThePatternWouldSay(String level) {
    PatternLayoutEncoder pattern = new PatternLayoutEncoder();
    pattern.setContext(context);
    pattern.setCharset(StandardCharsets.UTF_8);
    pattern.setPattern("%d{HH:mm:ss.SSS} %-5level %logger{0} [%thread] %msg%n");
    pattern.start();
    Exception failure = new IllegalStateException("it", new RuntimeException("because"));
    for (String time : new String[] {"2026-01-02T03:04:05.006Z", "2026-07-31T23:59:59.999999Z"}) {
      for (Throwable thrown : new Throwable[] {null, failure}) {
        LoggingEvent event = event(level, Instant.parse(time), thrown);
        assertThat(new String(new LogLines().encode(event), StandardCharsets.UTF_8))
            .isEqualTo(new String(pattern.encode(event), StandardCharsets.UTF_8))
            .contains("Some [a thread] 1 of two – 完");
      }
    }
  }
}
