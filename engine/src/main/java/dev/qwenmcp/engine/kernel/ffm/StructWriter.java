package dev.qwenmcp.engine.kernel.ffm;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.qwenmcp.engine.kernel.Norm;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;

/**
 * Writes structures field after field. All fields of {@code qk.h} lie at multiples of their size
 * without gaps, so their order gives their places; {@link #end} holds that to the layout.
 */
final class StructWriter {
  private final MemorySegment memory;
  private long at;

  StructWriter(MemorySegment memory) {
    this.memory = memory;
  }

  StructWriter begin() {
    at = 0;
    return this;
  }

  /** Checks that exactly one structure of this layout was written; returns its memory. */
  MemorySegment end(MemoryLayout layout) {
    return end(layout, 1);
  }

  MemorySegment end(MemoryLayout layout, int count) {
    if (at != layout.byteSize() * count) {
      throw new AssertionError(at + " bytes written for " + count + " of " + layout);
    }
    return memory;
  }

  StructWriter integer(int value) {
    memory.set(JAVA_INT, at, value);
    at += 4;
    return this;
  }

  StructWriter real(float value) {
    memory.set(JAVA_FLOAT, at, value);
    at += 4;
    return this;
  }

  /** A 64-bit number or an address. */
  StructWriter word(long value) {
    memory.set(JAVA_LONG, at, value);
    at += 8;
    return this;
  }

  /** The address of live memory. */
  StructWriter address(MemorySegment segment) {
    if (!segment.scope().isAlive()) {
      throw new IllegalStateException("an argument's memory was freed: " + segment);
    }
    return word(segment.address());
  }

  /** qk_floats. */
  StructWriter floats(MemorySegment segment) {
    return address(segment).word(segment.byteSize() / Float.BYTES);
  }

  /** qk_norm; null for none. */
  StructWriter norm(Norm norm) {
    if (norm == null) {
      return word(0).word(0).word(0);
    }
    return floats(norm.weight()).real(norm.epsilon()).integer(0);
  }

  /** qk_matrix. */
  StructWriter matrix(MemorySegment data, int type, int experts, int rows, int cols) {
    return address(data)
        .word(data.byteSize())
        .integer(type)
        .integer(experts)
        .integer(rows)
        .integer(cols);
  }
}
