package dev.qwenmcp.server.bench.peer;

import dev.qwenmcp.server.bench.BenchException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/** One sequence of tokens with its keys and values, which can be copied out and in. */
interface LlamaSlot {
  /** The tokens that it was brought to last. */
  int[] tokens();

  /**
   * Computes tokens from a place on, in the place of what was there.
   *
   * @param same how many of its tokens {@code wanted} begins with
   * @param wanted all tokens afterwards
   */
  void replace(int same, int[] wanted) throws BenchException;

  /** The state in new memory. */
  MemorySegment state(Arena arena) throws BenchException;

  /** Takes a state in the place of its own. */
  void restore(MemorySegment bytes, int[] itsTokens) throws BenchException;

  /** Writes tokens and state to a file. */
  void save(Path file) throws BenchException;

  /** Takes tokens and state from a file in the place of its own. */
  void load(Path file) throws BenchException;
}
