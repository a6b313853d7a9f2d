package dev.qwenmcp.server.bench;

/**
 * Copying work, drawn with lookup drafting on and off.
 *
 * @param threads of the engine
 * @param text what was copied
 * @param tokens drawn in each run
 * @param plain tokens a second without guesses
 * @param drafted tokens a second with guesses
 * @param guessed tokens guessed in the last run
 * @param right of these, right ones
 */
public record CopyingMeasurement(
    int threads, String text, int tokens, Sample plain, Sample drafted, int guessed, int right) {

  /** How many times faster guessing makes it. */
  public double ratio() {
    return drafted.median() / plain.median();
  }
}
