package dev.qwenmcp.engine.grammar;

/**
 * A regular language of byte strings, read byte by byte; the leaves of a grammar. Immutable.
 *
 * <p>States are numbers without memory behind them. No state is a dead end: where there is one,
 * bytes can follow that end in an accepting one.
 */
public sealed interface Terminal permits ByteTerminal, TextTerminal {
  /** What {@link #step} gives where no text of the language continues so. */
  long DEAD = -1;

  /** Whether the language has no texts. */
  boolean isEmpty();

  /** The state before the first byte; not to be asked of an empty language. */
  long start();

  /**
   * The state after one more byte.
   *
   * @param symbol 0 to 255
   */
  long step(long state, int symbol);

  /** Whether the bytes read are a text of the language. */
  boolean accepting(long state);

  /** Whether some byte can follow. */
  boolean open(long state);
}
