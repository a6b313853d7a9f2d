package dev.qwenmcp.engine.kernel;

import dev.qwenmcp.engine.gguf.GgmlType;
import java.lang.foreign.MemorySegment;

/**
 * A weight matrix W (rows, cols) as it lies in the file: rows one after another.
 *
 * @param data exactly {@code rows * type.rowBytes(cols)} bytes, native memory
 */
public record Matrix(GgmlType type, int rows, int cols, MemorySegment data) {
  public Matrix {
    Shapes.check(type, rows, cols, data, (long) rows);
  }

  public long rowBytes() {
    return type.rowBytes(cols);
  }
}
