package dev.qwenmcp.server.context;

import java.time.Duration;

/** Durations for people, exact to the second: {@code 24 h}, {@code 1 h 30 min}. */
public final class Lifetimes {
  private Lifetimes() {}

  public static String inWords(Duration duration) {
    StringBuilder words = new StringBuilder();
    add(words, duration.toHours(), "h");
    add(words, duration.toMinutesPart(), "min");
    add(words, duration.toSecondsPart(), "s");
    return words.isEmpty() ? "less than a second" : words.toString();
  }

  private static void add(StringBuilder words, long count, String unit) {
    if (count > 0) {
      words.append(words.isEmpty() ? "" : " ").append(count).append(' ').append(unit);
    }
  }
}
