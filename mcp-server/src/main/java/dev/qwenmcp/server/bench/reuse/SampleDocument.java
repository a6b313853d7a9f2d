package dev.qwenmcp.server.bench.reuse;

import dev.qwenmcp.engine.tokenizer.BpeTokenizer;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Prose with facts to ask for, the same for the same number.
 *
 * @param text whole sentences
 * @param tokens its length in a model's tokens
 */
record SampleDocument(String text, int tokens) {
  private static final List<String> SUBJECTS =
      List.of(
          "The harbour office",
          "A crew from Bergen",
          "The night ferry",
          "The insurer's surveyor",
          "The port's new crane",
          "A trader of copper wire",
          "The pilot of the eastern channel",
          "The customs hall",
          "A shipment of cork panels",
          "The warehouse at pier nine");
  private static final List<String> ACTIONS =
      List.of(
          "reported a delay of %d hours",
          "moved %d crates before noon",
          "asked for %d more berths",
          "charged %d euros for storage",
          "counted %d damaged pallets",
          "waited %d minutes for a tug",
          "signed a contract over %d tonnes",
          "returned %d forms without a stamp");
  private static final List<String> CIRCUMSTANCES =
      List.of(
          "because the tide had turned earlier than the tables said",
          "although nobody had announced the inspection",
          "while the second shift was still on the quay",
          "so that the train to Rotterdam left half empty",
          "which the minutes of the last meeting had foreseen",
          "and Ruth Cole wrote the number into both books",
          "after Mei Tanaka had checked the seals twice",
          "until Omar Haddad found the missing papers in Trieste");

  /**
   * Writes sentences until they have as many tokens as asked for.
   *
   * @param number tells documents apart, from their first words on
   */
  static SampleDocument of(BpeTokenizer tokenizer, int tokens, int number) {
    SplittableRandom random = new SplittableRandom(number);
    StringBuilder text =
        new StringBuilder(
            "%s of day %d.".formatted(number % 2 == 0 ? "Journal" : "Ledger", 100 + number));
    int estimate = tokenizer.encode(text.toString()).length;
    while (estimate < tokens || tokenizer.encode(text.toString()).length < tokens) {
      String sentence =
          " %s %s on the %dth, %s."
              .formatted(
                  pick(SUBJECTS, random),
                  pick(ACTIONS, random).formatted(random.nextInt(2, 900)),
                  random.nextInt(4, 21),
                  pick(CIRCUMSTANCES, random));
      text.append(sentence);
      estimate += tokenizer.encode(sentence).length;
    }
    return new SampleDocument(text.toString(), tokenizer.encode(text.toString()).length);
  }

  private static String pick(List<String> choices, SplittableRandom random) {
    return choices.get(random.nextInt(choices.size()));
  }
}
