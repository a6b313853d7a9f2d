package dev.qwenmcp.server.bench.peer;

import dev.qwenmcp.server.bench.BenchException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What llama.cpp's server does with a prompt in one slot: it goes on from the longest beginning
 * that the slot has; where that is less than half of the slot, it copies the slot's state to memory
 * and takes the best one from there.
 */
final class LlamaPromptCache {
  /** Less of the slot in common than this: it is kept for later and another one looked for. */
  private static final double LEAST_KEPT = 0.5;

  private final LlamaSlot slot;
  private final List<State> states = new ArrayList<>();

  /** A slot's state in memory. */
  private record State(int[] tokens, Arena arena, MemorySegment bytes) {}

  LlamaPromptCache(LlamaSlot slot) {
    this.slot = slot;
  }

  /**
   * How a prompt was read.
   *
   * @param seconds all in all
   * @param foundTokens that were not computed
   */
  record Outcome(double seconds, int foundTokens) {}

  /** Reads a prompt up to the logits of its last token. */
  Outcome read(int[] prompt) throws BenchException {
    long start = System.nanoTime();
    if (slot.tokens().length > 0
        && common(slot.tokens(), prompt) < LEAST_KEPT * slot.tokens().length) {
      exchange(prompt);
    }
    // The last token's logits are wanted, so it is always computed.
    int found = Math.min(common(slot.tokens(), prompt), prompt.length - 1);
    slot.replace(found, prompt);
    return new Outcome((System.nanoTime() - start) * 1e-9, found);
  }

  private void exchange(int[] prompt) throws BenchException {
    keepSlot();
    State best = null;
    for (State state : states) {
      if (best == null || common(state.tokens, prompt) > common(best.tokens, prompt)) {
        best = state;
      }
    }
    if (common(best.tokens, prompt) > LEAST_KEPT * best.tokens.length) {
      slot.restore(best.bytes, best.tokens);
      states.remove(best);
      best.arena.close();
    }
  }

  private void keepSlot() throws BenchException {
    Arena arena = Arena.ofShared();
    states.add(new State(slot.tokens(), arena, slot.state(arena)));
  }

  /** Writes the slot to a file; the seconds that took. */
  double save(Path file) throws BenchException {
    long start = System.nanoTime();
    slot.save(file);
    return (System.nanoTime() - start) * 1e-9;
  }

  /**
   * Fills the slot from a file. What it held is kept in memory first, which a server with a slot
   * more need not do and so does not count.
   *
   * @return the seconds that loading took
   */
  double load(Path file) throws BenchException {
    if (slot.tokens().length > 0) {
      keepSlot();
    }
    long start = System.nanoTime();
    slot.load(file);
    return (System.nanoTime() - start) * 1e-9;
  }

  private static int common(int[] a, int[] b) {
    int mismatch = Arrays.mismatch(a, b);
    return mismatch < 0 ? a.length : mismatch;
  }
}
