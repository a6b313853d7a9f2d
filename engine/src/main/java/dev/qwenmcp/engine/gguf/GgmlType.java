package dev.qwenmcp.engine.gguf;

import java.util.Optional;

/**
 * Tensor element types of GGUF files, with the geometry of their blocks.
 *
 * <p>A row of {@code n} elements takes {@code n / blockSize * blockBytes} bytes; {@code n} must be
 * a multiple of the block size. The list names every type that a file may carry; {@link
 * #supported()} says which the engine computes with.
 */
public enum GgmlType {
  F32(0, 1, 4, true),
  F16(1, 1, 2, true),
  Q4_0(2, 32, 18, true),
  Q4_1(3, 32, 20, true),
  Q5_0(6, 32, 22, true),
  Q5_1(7, 32, 24, true),
  Q8_0(8, 32, 34, true),
  Q8_1(9, 32, 36, false),
  Q2_K(10, 256, 84, false),
  Q3_K(11, 256, 110, false),
  Q4_K(12, 256, 144, true),
  Q5_K(13, 256, 176, true),
  Q6_K(14, 256, 210, true),
  Q8_K(15, 256, 292, false),
  IQ2_XXS(16, 256, 66, false),
  IQ2_XS(17, 256, 74, false),
  IQ3_XXS(18, 256, 98, false),
  IQ1_S(19, 256, 50, false),
  IQ4_NL(20, 32, 18, false),
  IQ3_S(21, 256, 110, false),
  IQ2_S(22, 256, 82, false),
  IQ4_XS(23, 256, 136, false),
  I8(24, 1, 1, false),
  I16(25, 1, 2, false),
  I32(26, 1, 4, false),
  I64(27, 1, 8, false),
  F64(28, 1, 8, false),
  IQ1_M(29, 256, 56, false),
  BF16(30, 1, 2, true),
  TQ1_0(34, 256, 54, false),
  TQ2_0(35, 256, 66, false),
  MXFP4(39, 32, 17, false),
  NVFP4(40, 64, 36, false),
  Q1_0(41, 128, 18, false),
  Q2_0(42, 64, 18, false);

  private final int id;
  private final int blockSize;
  private final int blockBytes;
  private final boolean supported;

  GgmlType(int id, int blockSize, int blockBytes, boolean supported) {
    this.id = id;
    this.blockSize = blockSize;
    this.blockBytes = blockBytes;
    this.supported = supported;
  }

  /** The number that stands for this type in a file. */
  public int id() {
    return id;
  }

  /** Elements of one block. */
  public int blockSize() {
    return blockSize;
  }

  /** Bytes of one block. */
  public int blockBytes() {
    return blockBytes;
  }

  /** Whether the engine computes with this type. */
  public boolean supported() {
    return supported;
  }

  /** Whether elements are stored in blocks with shared scales. */
  public boolean quantised() {
    return blockSize > 1;
  }

  /**
   * Bytes of a row of {@code elements}.
   *
   * @throws IllegalArgumentException if {@code elements} is no multiple of the block size
   */
  public long rowBytes(long elements) {
    if (elements % blockSize != 0) {
      throw new IllegalArgumentException(
          this + " rows hold a multiple of " + blockSize + " elements, not " + elements);
    }
    return Math.multiplyExact(elements / blockSize, (long) blockBytes);
  }

  /** The type with this number in a file, if it is a known one. */
  public static Optional<GgmlType> byId(int id) {
    for (GgmlType type : values()) {
      if (type.id == id) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }
}
