package dev.qwenmcp.engine.draft;

/**
 * What a guess adds to a pass, measured; one an engine, safe for many threads.
 *
 * <p>A pass over {@code 1 + k} tokens takes about {@code 1 + k * perGuess} times as long as a pass
 * over one: all read the weights once, each token adds its arithmetic and, in a mixture, experts.
 */
public final class GuessCost {
  /** Supposed until measured: so much that only likely guesses are made. */
  private static final double FIRST = 0.5;

  /** Weight of the newest observation. */
  private static final double LEARNING = 0.2;

  private double perGuess = FIRST;
  private boolean measured;

  /** Cost of one guess as a share of a pass without guesses. */
  public synchronized double perGuess() {
    return perGuess;
  }

  /**
   * Learns from a pass with guesses.
   *
   * @param single seconds of passes without guesses at about the same depth
   * @param guessed tokens guessed, at least 1
   * @param seconds that the pass took
   */
  public synchronized void learn(double single, int guessed, double seconds) {
    // A pass during which the machine was busy with something else can take any time.
    double value = Math.clamp((seconds / single - 1) / guessed, 0.01, 2);
    perGuess = measured ? perGuess + LEARNING * (value - perGuess) : value;
    measured = true;
  }
}
