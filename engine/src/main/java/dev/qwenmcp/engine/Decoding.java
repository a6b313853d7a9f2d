package dev.qwenmcp.engine;

import dev.qwenmcp.engine.draft.Guesser;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Draws token after token of one generation, several a pass where guesses come true. */
final class Decoding {
  private final ForwardLane lane;
  private final Timeline timeline;
  private final Generation generation;
  private final Guesser guesser;
  private final int contextTokens;
  private final List<float[]> rows = new ArrayList<>(); // logits of each token of a pass
  private int known; // tokens that the guesser has heard of

  Decoding(
      ForwardLane lane,
      Timeline timeline,
      Generation generation,
      Guesser guesser,
      int contextTokens) {
    this.lane = lane;
    this.timeline = timeline;
    this.generation = generation;
    this.guesser = guesser;
    this.contextTokens = contextTokens;
  }

  /** Goes on after the first drawn token until there is a reason to end. */
  FinishReason run() {
    TokenSequence tokens = timeline.tokens();
    while (true) {
      int[] more = tokens.range(known, tokens.size());
      known = tokens.size();
      int[] draft = guesser.next(more, contextTokens - known - 1);
      double seconds = verify(draft);
      FinishReason reason = null;
      int right = 0;
      while (reason == null) {
        // The logits are those of a pass without guesses, so the drawn tokens are the same too.
        reason = generation.step(rows.get(right));
        if (right == draft.length || tokens.get(tokens.size() - 1) != draft[right]) {
          break;
        }
        right++;
      }
      // Keys and values of the confirmed guesses are there; the rest is overwritten later.
      timeline.computed(Math.min(1 + right, tokens.size() - timeline.computed()));
      guesser.learn(draft.length, right, seconds);
      generation.passDone(draft.length, right);
      if (reason != null) {
        return reason;
      }
    }
  }

  /**
   * One pass over the last token, which is drawn but not computed, and the guesses after it.
   *
   * @return seconds it took once it was its turn
   */
  private double verify(int[] draft) {
    int[] ids = new int[1 + draft.length];
    ids[0] = timeline.tokens().get(timeline.computed());
    System.arraycopy(draft, 0, ids, 1, draft.length);
    while (rows.size() < ids.length) {
      rows.add(new float[lane.vocabulary()]);
    }
    long[] start = {0};
    lane.run(
        timeline.pass(ids, IntStream.range(0, ids.length).toArray()),
        () -> {
          start[0] = start[0] == 0 ? System.nanoTime() : start[0]; // before the first layer
          return false;
        },
        (row, values) -> copy(values, rows.get(row)));
    return (System.nanoTime() - start[0]) * 1e-9;
  }

  static void copy(MemorySegment values, float[] logits) {
    MemorySegment.copy(values, ValueLayout.JAVA_FLOAT, 0, logits, 0, logits.length);
  }
}
