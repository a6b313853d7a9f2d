package dev.qwenmcp.engine.kernel.reference;

import dev.qwenmcp.engine.gguf.GgmlType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Unpacks rows of a quantised type: for every block of 32 elements {@code w_i = scale * u_i +
 * minimum}, in Q6_K {@code w_i = scale * sub * u_i} with a factor for each 16. In Q4_K and Q5_K
 * {@code minimum = unit * steps}.
 *
 * <p>The layouts are GGML's; all numbers are little-endian, d, m and dmin are float16. Low nibbles
 * of a group of bytes come before its high nibbles.
 *
 * <pre>
 * Q8_0  d, 32 x int8                                  Q4_K  d, dmin, 12 bytes of 6-bit scales and
 * Q4_0  d, 16 bytes                                         minima, 4 x 32 bytes: 64 elements each
 * Q4_1  d, m, 16 bytes                                Q5_K  d, dmin, 12 bytes, 32 bytes of fifth bits
 * Q5_0  d, 4 bytes of fifth bits, 16 bytes                  (bit g of byte j: element j of block g),
 * Q5_1  d, m, 4 bytes of fifth bits, 16 bytes               128 bytes as in Q4_K
 * Q6_K  128 bytes of low 4 bits, 64 bytes of high 2 bits, 16 x int8 scales, d
 * </pre>
 */
final class RowDecoder {
  static final int BLOCK = 32;
  private static final int SUB_BLOCK = 16;

  private final GgmlType type;
  private final byte[] bytes;
  private final int cols;

  /**
   * @param type a quantised type that the engine computes with
   * @param cols elements of a row
   */
  RowDecoder(GgmlType type, int cols) {
    if (!type.supported() || !type.quantised()) {
      throw new IllegalArgumentException(type + " has no blocks to decode");
    }
    this.type = type;
    this.cols = cols;
    this.bytes = new byte[Math.toIntExact(type.rowBytes(cols))];
  }

  /** Whether blocks have a minimum. */
  boolean hasMinimum() {
    return switch (type) {
      case Q4_1, Q5_1, Q4_K, Q5_K -> true;
      default -> false;
    };
  }

  /** Whether each 16 elements have an integer factor of their own. */
  boolean hasSubScales() {
    return type == GgmlType.Q6_K;
  }

  /**
   * Where a decoded row goes.
   *
   * @param u integers, one an element
   * @param scale one for 32 elements
   * @param minimum one for 32 elements; written where the type has one
   * @param unit of a minimum, one for 32 elements, the same for each 256; Q4_K and Q5_K
   * @param steps of a minimum in that unit, one for 32 elements, 0 to 63; Q4_K and Q5_K
   * @param sub one for 16 elements; written where the type has them
   */
  record Target(int[] u, float[] scale, float[] minimum, float[] unit, int[] steps, int[] sub) {
    static Target of(int elements) {
      int blocks = elements / BLOCK;
      return new Target(
          new int[elements],
          new float[blocks],
          new float[blocks],
          new float[blocks],
          new int[blocks],
          new int[elements / SUB_BLOCK]);
    }
  }

  /**
   * Decodes a row.
   *
   * @param data bytes of the row from {@code offset}
   * @param out written from element {@code to}, a multiple of the block size
   */
  void decode(MemorySegment data, long offset, Target out, int to) {
    MemorySegment.copy(data, ValueLayout.JAVA_BYTE, offset, bytes, 0, bytes.length);
    int blocks = cols / type.blockSize();
    for (int b = 0; b < blocks; b++) {
      int at = b * type.blockBytes();
      int first = to + b * type.blockSize();
      switch (type) {
        case Q8_0 -> decodeQ8(at, out, first);
        case Q4_0 -> decodeQ4(at, 2, 8, out, first);
        case Q4_1 -> {
          out.minimum[first / BLOCK] = half(at + 2);
          decodeQ4(at, 4, 0, out, first);
        }
        case Q5_0 -> decodeQ5(at, 2, 16, out, first);
        case Q5_1 -> {
          out.minimum[first / BLOCK] = half(at + 2);
          decodeQ5(at, 4, 0, out, first);
        }
        case Q4_K -> decodeQ4K(at, out, first);
        case Q5_K -> decodeQ5K(at, out, first);
        case Q6_K -> decodeQ6K(at, out, first);
        default -> throw new IllegalStateException(type.name());
      }
    }
  }

  private void decodeQ8(int at, Target out, int first) {
    out.scale[first / BLOCK] = half(at);
    for (int j = 0; j < BLOCK; j++) {
      out.u[first + j] = bytes[at + 2 + j];
    }
  }

  private void decodeQ4(int at, int header, int bias, Target out, int first) {
    out.scale[first / BLOCK] = half(at);
    for (int j = 0; j < 16; j++) {
      int pair = bytes[at + header + j];
      out.u[first + j] = (pair & 15) - bias;
      out.u[first + j + 16] = (pair >> 4 & 15) - bias;
    }
  }

  private void decodeQ5(int at, int header, int bias, Target out, int first) {
    decodeQ4(at, header + 4, bias, out, first);
    int high = int32(at + header);
    for (int j = 0; j < BLOCK; j++) {
      out.u[first + j] += (high >>> j & 1) << 4;
    }
  }

  private void decodeQ4K(int at, Target out, int first) {
    decodeScalesK(at, out, first);
    decodeNibblesK(at + 16, out, first);
  }

  private void decodeQ5K(int at, Target out, int first) {
    decodeScalesK(at, out, first);
    decodeNibblesK(at + 48, out, first);
    for (int g = 0; g < 8; g++) {
      for (int j = 0; j < BLOCK; j++) {
        out.u[first + g * BLOCK + j] += (bytes[at + 16 + j] >> g & 1) << 4;
      }
    }
  }

  /** Four groups of 32 bytes: the low nibbles are one block, the high nibbles the next. */
  private void decodeNibblesK(int at, Target out, int first) {
    for (int g = 0; g < 4; g++) {
      for (int j = 0; j < BLOCK; j++) {
        int pair = bytes[at + g * BLOCK + j];
        out.u[first + g * 64 + j] = pair & 15;
        out.u[first + g * 64 + BLOCK + j] = pair >> 4 & 15;
      }
    }
  }

  /**
   * d, dmin and eight 6-bit scales and minima in 12 bytes: bytes 0-3 and 4-7 hold scales and minima
   * 0-3 in their low six bits; bytes 8-11 the low nibbles of scales and minima 4-7, whose upper two
   * bits are the upper two bits of bytes 0-7.
   */
  private void decodeScalesK(int at, Target out, int first) {
    float d = half(at);
    float dmin = half(at + 2);
    for (int g = 0; g < 4; g++) {
      int sc = bytes[at + 4 + g];
      int mn = bytes[at + 8 + g];
      int low = bytes[at + 12 + g];
      int block = first / BLOCK + g;
      out.scale[block] = d * (float) (sc & 63);
      out.scale[block + 4] = d * (float) (low & 15 | (sc >> 6 & 3) << 4);
      setMinimum(out, block, -dmin, mn & 63);
      setMinimum(out, block + 4, -dmin, low >> 4 & 15 | (mn >> 6 & 3) << 4);
    }
  }

  private static void setMinimum(Target out, int block, float unit, int steps) {
    out.unit[block] = unit;
    out.steps[block] = steps;
    out.minimum[block] = unit * (float) steps;
  }

  /**
   * Two halves of 128 elements: byte j (0-31) of a half's high bits holds, from its lowest pair of
   * bits, those of the elements j, j + 32, j + 64 and j + 96.
   */
  private void decodeQ6K(int at, Target out, int first) {
    float d = half(at + 208);
    for (int b = 0; b < 8; b++) {
      out.scale[first / BLOCK + b] = d;
    }
    for (int s = 0; s < 16; s++) {
      out.sub[first / SUB_BLOCK + s] = bytes[at + 192 + s];
    }
    for (int h = 0; h < 2; h++) {
      int low = at + h * 64;
      int high = at + 128 + h * 32;
      int to = first + h * 128;
      for (int j = 0; j < BLOCK; j++) {
        int a = bytes[low + j];
        int b = bytes[low + 32 + j];
        int c = bytes[high + j];
        out.u[to + j] = (a & 15 | (c & 3) << 4) - 32;
        out.u[to + 32 + j] = (b & 15 | (c >> 2 & 3) << 4) - 32;
        out.u[to + 64 + j] = (a >> 4 & 15 | (c >> 4 & 3) << 4) - 32;
        out.u[to + 96 + j] = (b >> 4 & 15 | (c >> 6 & 3) << 4) - 32;
      }
    }
  }

  private float half(int at) {
    return Float.float16ToFloat((short) (bytes[at] & 0xff | bytes[at + 1] << 8));
  }

  private int int32(int at) {
    return bytes[at] & 0xff
        | (bytes[at + 1] & 0xff) << 8
        | (bytes[at + 2] & 0xff) << 16
        | bytes[at + 3] << 24;
  }
}
