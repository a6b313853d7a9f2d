package dev.qwenmcp.engine.kv;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Where the memory of pages comes from. */
@FunctionalInterface
public interface PageMemory {
  /** The Java runtime. */
  PageMemory JAVA = (bytes, arena) -> arena.allocate(bytes, 64);

  /**
   * Memory of arbitrary content that begins with a cache line.
   *
   * @param bytes above 0
   * @param arena frees it
   * @throws OutOfMemoryError if there is none
   */
  MemorySegment allocate(long bytes, Arena arena);
}
