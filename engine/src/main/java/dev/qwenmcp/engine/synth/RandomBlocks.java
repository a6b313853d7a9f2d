package dev.qwenmcp.engine.synth;

import dev.qwenmcp.engine.gguf.GgmlType;
import java.nio.ByteBuffer;
import java.util.random.RandomGenerator;

/**
 * Random weights in the file's own encoding: floats are normally distributed; quantised blocks have
 * uniformly random numbers, so that every bit pattern occurs, and scales that give the weights mean
 * 0 and about the standard deviation asked for.
 *
 * <p>The standard deviation of a uniform n-bit number is sqrt((4^n - 1) / 12): 4.61 for 4 bits,
 * 9.23 for 5, 18.47 for 6, 73.9 for 8.
 */
final class RandomBlocks {
  private static final double STD_4 = Math.sqrt((Math.pow(4, 4) - 1) / 12);
  private static final double STD_5 = Math.sqrt((Math.pow(4, 5) - 1) / 12);
  private static final double STD_6 = Math.sqrt((Math.pow(4, 6) - 1) / 12);
  private static final double STD_8 = Math.sqrt((Math.pow(4, 8) - 1) / 12);

  /** Root mean square of the K-quants' 6-bit scales, drawn from 8 to 63. */
  private static final double RMS_SCALE = 39.0;

  private final GgmlType type;
  private final double std;
  private final RandomGenerator random;

  RandomBlocks(GgmlType type, double std, RandomGenerator random) {
    this.type = type;
    this.std = std;
    this.random = random;
  }

  /** Appends one block of {@link GgmlType#blockBytes()} bytes to a little-endian buffer. */
  void put(ByteBuffer out) {
    switch (type) {
      case F32 -> out.putFloat((float) (std * random.nextGaussian()));
      case F16 -> out.putShort(Float.floatToFloat16((float) (std * random.nextGaussian())));
      case BF16 -> out.putShort(bfloat16((float) (std * random.nextGaussian())));
      case Q8_0 -> {
        half(out, scale(STD_8));
        bytes(out, 32);
      }
      case Q4_0 -> {
        half(out, scale(STD_4));
        bytes(out, 16);
      }
      case Q5_0 -> {
        half(out, scale(STD_5));
        bytes(out, 4 + 16);
      }
      case Q4_1 -> {
        offset(out, scale(STD_4), 7.5);
        bytes(out, 16);
      }
      case Q5_1 -> {
        offset(out, scale(STD_5), 15.5);
        bytes(out, 4 + 16);
      }
      case Q4_K -> {
        superBlock(out, STD_4, 7.5);
        bytes(out, 128);
      }
      case Q5_K -> {
        superBlock(out, STD_5, 15.5);
        bytes(out, 32 + 128);
      }
      case Q6_K -> {
        bytes(out, 128 + 64);
        bytes(out, 16); // signed 8-bit scales
        half(out, scale(STD_6 * STD_8));
      }
      default -> throw new IllegalArgumentException("no random blocks of " + type);
    }
  }

  /** Block scales differ by a factor of up to 3 and are negative as often as positive. */
  private double scale(double stdOfNumbers) {
    double size = std / stdOfNumbers * (0.5 + random.nextDouble());
    return random.nextBoolean() ? size : -size;
  }

  /** d and m of w = d q + m, where q has the given mean. */
  private void offset(ByteBuffer out, double d, double mean) {
    half(out, d);
    half(out, -d * mean * (0.95 + 0.1 * random.nextDouble()));
  }

  /**
   * d, dmin and eight pairs of 6-bit numbers of w = d sc q - dmin mn, where q has the given mean:
   * dmin = d mean and mn near sc centre the weights.
   */
  private void superBlock(ByteBuffer out, double stdOfNumbers, double mean) {
    double d = std / (stdOfNumbers * RMS_SCALE) * (0.75 + 0.5 * random.nextDouble());
    half(out, d);
    half(out, d * mean);
    int[] scales = new int[8];
    int[] mins = new int[8];
    for (int j = 0; j < 8; j++) {
      scales[j] = random.nextInt(8, 64);
      mins[j] = Math.clamp(scales[j] + random.nextInt(-4, 5), 0, 63);
    }
    byte[] packed = new byte[12];
    for (int j = 0; j < 4; j++) {
      packed[j] = (byte) (scales[j] | scales[j + 4] >> 4 << 6);
      packed[j + 4] = (byte) (mins[j] | mins[j + 4] >> 4 << 6);
      packed[j + 8] = (byte) (scales[j + 4] & 15 | (mins[j + 4] & 15) << 4);
    }
    out.put(packed);
  }

  private void bytes(ByteBuffer out, int count) {
    int i = 0;
    for (; i + 8 <= count; i += 8) {
      out.putLong(random.nextLong());
    }
    for (; i < count; i++) {
      out.put((byte) random.nextInt());
    }
  }

  private static void half(ByteBuffer out, double value) {
    out.putShort(Float.floatToFloat16((float) value));
  }

  /** Rounds to nearest, ties to even. */
  private static short bfloat16(float value) {
    int bits = Float.floatToRawIntBits(value);
    return (short) (bits + 0x7fff + (bits >>> 16 & 1) >>> 16);
  }
}
