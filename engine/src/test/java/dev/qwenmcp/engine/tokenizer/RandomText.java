package dev.qwenmcp.engine.tokenizer;

import java.util.SplittableRandom;

/**
 * Well-formed texts of 0 to 40 characters: any code points, one block, words, or what is awkward.
 */
final class RandomText {
  private static final int[] AWKWARD = {
    ' ', ' ', '\n', '\r', '\t', 0x85, 0xA0, 0x3000, 0x2028, 0x200B, 0xFEFF, '\'', '\'', 's', 'T',
    'l', 0x17F, 0x212A, '1', 0x661, 0xBD, 0x301, 0x316, 0x308, 0x1100, 0x1161, 0x11A8, 0xAC00,
    0x3099, 0x304B, 0xF900, 0x344, 0x1F600, 0x200D, 0xFE0F, 0x1F3FD, '!', '<', '|', '>', 0, 0x7F,
    0x10FFFF, 0xFFFD, 0xFFFE
  };

  private final SplittableRandom random;

  RandomText(SplittableRandom random) {
    this.random = random;
  }

  String next() {
    int kind = random.nextInt(4);
    int length = random.nextInt(41);
    int block = random.nextInt(0x110000 >> 8) << 8;
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      int c =
          switch (kind) {
            case 0 -> random.nextInt(0x110000);
            case 1 -> block + random.nextInt(256);
            case 2 -> random.nextInt(6) == 0 ? ' ' : 'a' + random.nextInt(26);
            default -> AWKWARD[random.nextInt(AWKWARD.length)];
          };
      text.appendCodePoint(c >= 0xD800 && c < 0xE000 ? 0xFFFD : c);
    }
    return text.toString();
  }
}
