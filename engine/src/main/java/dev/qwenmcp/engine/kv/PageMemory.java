package dev.qwenmcp.engine.kv;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Where the memory of pages comes from, and of what passes over them compute in. */
@FunctionalInterface
public interface PageMemory {
  /** The Java runtime, which writes zeros to all it gives; so it is asked for page by page. */
  PageMemory JAVA =
      new PageMemory() {
        @Override
        public MemorySegment allocate(long bytes, Arena arena) {
          return arena.allocate(bytes, 64);
        }

        @Override
        public long blockBytes() {
          return 1;
        }
      };

  /**
   * Memory of arbitrary content that begins with a cache line.
   *
   * @param bytes above 0
   * @param arena frees it
   * @throws OutOfMemoryError if there is none
   */
  MemorySegment allocate(long bytes, Arena arena);

  /**
   * For how many bytes of pages it is asked at a time, one page at least. Memory that nobody has
   * written to takes none of the machine's, but for the rest of a large page of the system.
   */
  default long blockBytes() {
    return 64L << 20; // a large page of 2 MiB, of which the last may be used in part, is 3 % of it
  }
}
