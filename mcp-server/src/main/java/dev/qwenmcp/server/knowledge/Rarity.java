package dev.qwenmcp.server.knowledge;

/** Inverse document frequency, as BM25 has it. */
final class Rarity {
  private Rarity() {}

  /**
   * What the occurrence of a term says.
   *
   * @param having passages with the term
   * @param all passages
   * @return above 0, more for a rarer one
   */
  static double of(int having, int all) {
    return Math.log(1 + (all - having + 0.5) / (having + 0.5));
  }
}
