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

  /** Cost of one guess as a share of a pass without guesses of one sequence. */
  public synchronized double perGuess() {
    return perGuess(1);
  }

  /**
   * Cost of one guess where several sequences share a pass, as a share of the time in which one of
   * them gets a token.
   *
   * <p>A pass over one token of each of n takes {@code 1 + (n - 1) * perGuess} times as long as one
   * over a single token and yields n tokens, so the time of one token is the n-th part of that. A
   * guess adds what it always adds, and is worth it where it yields more tokens than that time
   * would have: with many sequences the weights are read for all of them anyway, and a guess gains
   * little.
   *
   * @param sequences that share the pass, n
   */
  public synchronized double perGuess(int sequences) {
    return sequences * perGuess / (1 + (sequences - 1) * perGuess);
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
