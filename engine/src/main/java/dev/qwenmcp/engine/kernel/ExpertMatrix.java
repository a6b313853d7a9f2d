package dev.qwenmcp.engine.kernel;

import dev.qwenmcp.engine.gguf.GgmlType;
import java.lang.foreign.MemorySegment;

/**
 * The matrices of all experts, W (experts, rows, cols), one expert after another.
 *
 * @param data exactly {@code experts * rows * type.rowBytes(cols)} bytes, native memory
 */
public record ExpertMatrix(GgmlType type, int experts, int rows, int cols, MemorySegment data) {
  public ExpertMatrix {
    Shapes.check(type, rows, cols, data, Math.multiplyExact((long) experts, (long) rows));
  }

  public long rowBytes() {
    return type.rowBytes(cols);
  }

  /** The matrix of one expert. */
  public Matrix expert(int index) {
    long bytes = rows * rowBytes();
    return new Matrix(type, rows, cols, data.asSlice(index * bytes, bytes));
  }
}
