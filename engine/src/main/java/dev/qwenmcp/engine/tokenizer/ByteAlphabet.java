package dev.qwenmcp.engine.tokenizer;

/**
 * The 256 printable characters in which byte-level BPE vocabularies are written down.
 *
 * <p>A byte that is a printable character of Latin-1 stands for itself; the 68 others (controls,
 * space, 0x7F-0xA0, soft hyphen) become U+0100, U+0101, … in order, so that a space reads "Ġ". The
 * scheme is GPT-2's.
 */
final class ByteAlphabet {
  /** One more than the last character: 256 + 68 remapped bytes. */
  private static final int LIMIT = 324;

  private static final short[] BYTE_OF = new short[LIMIT];

  static {
    java.util.Arrays.fill(BYTE_OF, (short) -1);
    int next = 256;
    for (int b = 0; b < 256; b++) {
      boolean printable = (b >= '!' && b <= '~') || (b >= 0xA1 && b <= 0xAC) || b >= 0xAE;
      BYTE_OF[printable ? b : next++] = (short) b;
    }
  }

  private ByteAlphabet() {}

  /** The byte, 0 to 255, that the character stands for; -1 for a character of no byte. */
  static int byteOf(char c) {
    return c < LIMIT ? BYTE_OF[c] : -1;
  }
}
