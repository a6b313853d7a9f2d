package dev.qwenmcp.engine.kernel;

import dev.qwenmcp.engine.gguf.GgmlType;
import java.lang.foreign.MemorySegment;

/** Checks that a segment has the size that its shape asks for, before native code sees it. */
final class Shapes {
  private Shapes() {}

  static void check(GgmlType type, int rows, int cols, MemorySegment data, long totalRows) {
    if (!type.supported()) {
      throw new IllegalArgumentException("the engine does not compute with " + type);
    }
    if (rows < 1 || cols < 1) {
      throw new IllegalArgumentException("matrix of " + rows + " x " + cols);
    }
    if (!data.isNative()) {
      throw new IllegalArgumentException("weights must lie in native memory");
    }
    long expected = Math.multiplyExact(totalRows, type.rowBytes(cols));
    if (data.byteSize() != expected) {
      throw new IllegalArgumentException(
          type
              + " matrix of "
              + totalRows
              + " x "
              + cols
              + " takes "
              + expected
              + " bytes, not "
              + data.byteSize());
    }
  }

  static void floats(String name, MemorySegment data, long count) {
    if (!data.isNative() || data.byteSize() < Math.multiplyExact(count, 4L)) {
      throw new IllegalArgumentException(
          name + " needs " + count + " floats of native memory, has " + data.byteSize() / 4);
    }
  }
}
