package dev.qwenmcp.engine.gguf;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/** Fills a piece of memory from front to back. */
final class MemoryOutput implements GgufWriter.Output {
  private final MemorySegment target;
  private long written;

  MemoryOutput(MemorySegment target) {
    this.target = target;
  }

  @Override
  public int write(ByteBuffer source) {
    int count = source.remaining();
    MemorySegment.copy(MemorySegment.ofBuffer(source), 0, target, written, count);
    source.position(source.limit());
    written += count;
    return count;
  }

  @Override
  public void commit() {}

  @Override
  public boolean isOpen() {
    return true;
  }

  @Override
  public void close() {}
}
