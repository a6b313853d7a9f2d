package dev.qwenmcp.engine;

import dev.qwenmcp.engine.batch.Pass;
import dev.qwenmcp.engine.batch.Sequence;
import dev.qwenmcp.engine.batch.Stop;
import dev.qwenmcp.engine.kv.SequencePages;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;

/**
 * Log-likelihoods of continuations of one prefix, many in a pass: each is a sequence of its own
 * that shares the prefix's pages.
 */
final class ContinuationScorer {
  private final Engine engine;
  private final Sequence sequence;
  private final SequencePages prefix;
  private final int prefixLength;
  private final ContinuationPages room;

  /**
   * @param room that the sequence was admitted with, besides the prefix's pages
   */
  ContinuationScorer(
      Engine engine, Sequence sequence, SequencePages prefix, ContinuationPages room) {
    this.engine = engine;
    this.sequence = sequence;
    this.prefix = prefix;
    this.prefixLength = room.prefix();
    this.room = room;
  }

  /**
   * @param first logits after the prefix (vocabulary); overwritten
   */
  double[] score(List<int[]> continuations, float[] first, Cancellation cancellation) {
    double[] sums = new double[continuations.size()];
    double firstNormaliser = logSumExp(first);
    List<Integer> group = new ArrayList<>();
    int groupTokens = 0;
    long groupPages = 0;
    for (int c = 0; c < sums.length; c++) {
      int[] ids = continuations.get(c);
      if (ids.length == 0) {
        throw new IllegalArgumentException("continuation " + c + " has no token");
      }
      sums[c] = first[ids[0]] - firstNormaliser;
    }
    for (int c = 0; c < sums.length; c++) {
      int fed = continuations.get(c).length - 1; // the last token needs no pass
      long pages = room.of(continuations.get(c).length);
      boolean full =
          groupTokens + fed > engine.batchTokens() || groupPages + pages > room.together();
      if (full && !group.isEmpty()) {
        scoreGroup(group, continuations, sums, cancellation);
        group.clear();
        groupTokens = 0;
        groupPages = 0;
      }
      if (fed > engine.batchTokens()) {
        throw new IllegalArgumentException(
            "a continuation has at most "
                + (engine.batchTokens() + 1)
                + " tokens, not "
                + (fed + 1));
      }
      if (fed > 0) {
        group.add(c);
        groupTokens += fed;
        groupPages += pages;
      }
    }
    if (!group.isEmpty()) {
      scoreGroup(group, continuations, sums, cancellation);
    }
    return sums;
  }

  private void scoreGroup(
      List<Integer> group, List<int[]> continuations, double[] sums, Cancellation cancellation) {
    if (cancellation.cancelled()) {
      throw new CancellationException("cancelled while scoring");
    }
    TokenSequence tokens = new TokenSequence();
    TokenSequence member = new TokenSequence();
    TokenSequence position = new TokenSequence();
    TokenSequence next = new TokenSequence();
    List<SequencePages> forks = new ArrayList<>();
    float[] logits = new float[engine.vocabulary()];
    try {
      for (int s = 0; s < group.size(); s++) {
        int[] ids = continuations.get(group.get(s));
        SequencePages fork = prefix.fork();
        forks.add(fork);
        fork.prepare(prefixLength, prefixLength + ids.length - 1);
        for (int i = 0; i + 1 < ids.length; i++) {
          tokens.add(ids[i]);
          member.add(s);
          position.add(prefixLength + i);
          next.add(ids[i + 1]);
        }
      }
      int n = tokens.size();
      sequence.run(
          new Pass(
              tokens.range(0, n),
              member.range(0, n),
              position.range(0, n),
              forks,
              IntStream.range(0, n).toArray()),
          Stop.NEVER,
          (row, output) -> {
            TokenLogits.copy(output.values(), logits);
            sums[group.get(member.get(row))] += logits[next.get(row)] - logSumExp(logits);
          });
    } finally {
      forks.forEach(SequencePages::close);
    }
  }

  private static double logSumExp(float[] logits) {
    float max = Float.NEGATIVE_INFINITY;
    for (float v : logits) {
      max = Math.max(max, v);
    }
    double sum = 0;
    for (float v : logits) {
      sum += Math.exp((double) v - max);
    }
    return max + Math.log(sum);
  }
}
