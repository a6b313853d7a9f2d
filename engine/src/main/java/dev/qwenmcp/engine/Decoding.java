package dev.qwenmcp.engine;

import dev.qwenmcp.engine.batch.Pass;
import dev.qwenmcp.engine.batch.PassResult;
import dev.qwenmcp.engine.batch.Sequence;
import dev.qwenmcp.engine.batch.Stop;
import dev.qwenmcp.engine.draft.Guesser;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Draws token after token of one generation, several a pass where guesses come true. */
final class Decoding {
  private static final int[] NO_ROWS = {};

  private final Sequence sequence;
  private final Timeline timeline;
  private final Generation generation;
  private final Guesser guesser;
  private final int contextTokens;
  private final int vocabulary;
  private final int drawable; // tokens of it that stand for something
  private final List<TokenLogits> rows = new ArrayList<>(); // of each token of a pass
  private int known; // tokens that the guesser has heard of

  Decoding(
      Engine engine, Sequence sequence, Timeline timeline, Generation generation, Guesser guesser) {
    this.sequence = sequence;
    this.timeline = timeline;
    this.generation = generation;
    this.guesser = guesser;
    this.contextTokens = engine.contextTokens();
    this.vocabulary = engine.vocabulary();
    this.drawable = engine.tokenizer().size();
  }

  /** Goes on after the first drawn token until there is a reason to end. */
  FinishReason run() {
    sequence.beginDecoding();
    try {
      return decode();
    } finally {
      sequence.endDecoding();
    }
  }

  private FinishReason decode() {
    TokenSequence tokens = timeline.tokens();
    while (true) {
      int[] more = tokens.range(known, tokens.size());
      known = tokens.size();
      int certain = known - timeline.computed(); // the last one drawn, and what was forced after it
      int room = Math.min(contextTokens - known, sequence.share() - certain);
      int[] draft = guesser.next(more, Math.max(0, room), sequence.decoding());
      PassResult pass = verify(draft);
      FinishReason reason = null;
      int right = 0;
      while (reason == null && tokens.size() == known + right) {
        // The logits are those of a pass without guesses, so the drawn tokens are the same too.
        reason = generation.step(rows.get(right));
        while (right < draft.length
            && known + right < tokens.size()
            && tokens.get(known + right) == draft[right]) {
          right++;
        }
      }
      // Keys and values of the confirmed guesses are there; the rest is overwritten later.
      timeline.computed(known + right - timeline.computed());
      // The time of a shared pass says nothing of this guess.
      guesser.learn(draft.length, right, pass.shared() ? 0 : pass.seconds());
      generation.passDone(draft.length, right);
      if (reason != null) {
        return reason;
      }
    }
  }

  /** One pass over the tokens that are certain but not computed, and the guesses after them. */
  private PassResult verify(int[] draft) {
    int share = Math.max(1, sequence.share());
    while (known - timeline.computed() > share) {
      int[] ids = timeline.next(share);
      Pass pass = timeline.pass(ids, NO_ROWS);
      sequence.holds(timeline.pages().size());
      sequence.run(pass, Stop.NEVER, (_, _) -> {});
      timeline.computed(ids.length);
    }
    int certain = known - timeline.computed();
    int[] ids = Arrays.copyOf(timeline.next(certain), certain + draft.length);
    System.arraycopy(draft, 0, ids, certain, draft.length);
    while (rows.size() < 1 + draft.length) {
      rows.add(new TokenLogits(vocabulary, drawable));
    }
    Pass pass = timeline.pass(ids, IntStream.range(certain - 1, ids.length).toArray());
    sequence.holds(timeline.pages().size());
    return sequence.run(
        pass,
        Stop.NEVER, // as short as a step can be
        (row, output) -> rows.get(row - certain + 1).take(output, generation.leading()));
  }
}
