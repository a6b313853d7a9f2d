package dev.qwenmcp.engine.kv;

import java.lang.foreign.MemorySegment;

/** The pages of one sequence in order of position. */
public interface PageTable {
  /** Number of pages. */
  int size();

  /** Page {@code index}, {@link KvLayout#pageBytes()} long. */
  MemorySegment page(int index);

  /** Native array of {@link #size()} 64-bit page addresses, for the kernels. */
  MemorySegment addresses();
}
