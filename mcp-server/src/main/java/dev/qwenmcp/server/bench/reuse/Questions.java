package dev.qwenmcp.server.bench.reuse;

import java.util.List;

/** Questions about a {@link SampleDocument}; no two begin alike, nor as the tools' tasks do. */
final class Questions {
  private static final List<String> ALL =
      List.of(
          "Who wrote numbers into both books, and on which days?",
          "How many crates were moved before noon?",
          "Which pier is mentioned most often?",
          "Was the night ferry ever late, and by how much?",
          "Name the cities that occur.",
          "Does anything suggest that the tables of the tide are wrong?",
          "List the damages that were counted.",
          "Where were the missing papers found?",
          "Why did the train leave half empty?",
          "On which day was the first contract signed?",
          "Are there entries about customs that contradict each other?",
          "What should the harbour office do next?");

  private Questions() {}

  /** The question of this number, from 0. */
  static String get(int number) {
    return ALL.get(number);
  }
}
