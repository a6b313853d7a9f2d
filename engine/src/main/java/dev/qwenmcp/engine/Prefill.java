package dev.qwenmcp.engine;

import dev.qwenmcp.engine.batch.Pass;
import dev.qwenmcp.engine.batch.PassResult;
import dev.qwenmcp.engine.batch.Sequence;
import dev.qwenmcp.engine.kv.KvMemoryException;

/** Reads a prompt: takes over what the cache knows of it and computes the rest, once. */
final class Prefill {
  private static final int[] NO_ROWS = {};

  private final Engine engine;
  private final Sequence sequence;
  private final Timeline timeline;
  private int computedTokens;
  private int restoredTokens;

  Prefill(Engine engine, Sequence sequence, Timeline timeline) {
    this.engine = engine;
    this.sequence = sequence;
    this.timeline = timeline;
  }

  /**
   * Computes what is missing.
   *
   * @param logits of the last token (vocabulary), written to
   * @return false if it was stopped early
   */
  boolean run(float[] logits, Deadline deadline, TokenListener listener) {
    return run(Pass.Wanted.LOGITS, logits, deadline, listener);
  }

  /**
   * Computes what is missing.
   *
   * @param wanted of the last token
   * @param output that, written to
   * @return false if it was stopped early
   */
  boolean run(Pass.Wanted wanted, float[] output, Deadline deadline, TokenListener listener) {
    restoredTokens += timeline.recall();
    sequence.holds(timeline.pages().size());
    int start = timeline.computed();
    int end = timeline.size();
    while (timeline.computed() < end) {
      if (deadline.now()) {
        return false;
      }
      int[] next = timeline.next(engine.batchTokens());
      boolean last = timeline.computed() + next.length == end;
      int[] rows = last ? new int[] {next.length - 1} : NO_ROWS;
      Pass pass;
      try {
        pass = timeline.pass(next, rows, wanted);
      } catch (KvMemoryException e) {
        if (!timeline.withoutPartialPage()) {
          throw e;
        }
        continue;
      }
      sequence.holds(timeline.pages().size());
      PassResult result =
          sequence.run(pass, deadline, (_, token) -> TokenLogits.copy(token.values(), output));
      if (!result.done()) {
        return false;
      }
      timeline.computed(next.length);
      computedTokens += next.length;
      if (!last && sequence.inCompany()) {
        // Whoever reads the same document at the same time may be ahead by now.
        restoredTokens += timeline.recall();
      }
      listener.onPrompt(timeline.computed() - start, end - start);
    }
    timeline.persist();
    return true;
  }

  /** Tokens that were not computed because their keys and values were there. */
  int cachedTokens() {
    return timeline.computed() - computedTokens;
  }

  /** Of the cached ones, those read back from disk. */
  int restoredTokens() {
    return restoredTokens;
  }
}
