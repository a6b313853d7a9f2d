package dev.qwenmcp.engine.sample;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * The likeliest tokens of one row of logits and their neighbours, found by the largest logit of
 * each block: so that a draw which depends on few tokens copies and looks at few of 150,000.
 *
 * <p>Of k blocks with the largest maxima, the least maximum is no more than the k-th largest logit:
 * each of the k has a logit that large. So the k likeliest tokens, and all that are as likely as
 * the last of them, stand in blocks whose maximum is at least that.
 */
public final class LeadingLogits {
  private final int block;
  private float[] maxima = new float[0];
  private final Candidates largestBlocks = new Candidates();
  private float[] logits = new float[0];
  private int[] ids = new int[0];
  private int size;

  /**
   * @param block neighbouring logits that share a maximum
   */
  public LeadingLogits(int block) {
    this.block = block;
  }

  /**
   * Takes the likeliest tokens out of a row.
   *
   * @param values float32: one logit a token
   * @param largest float32: of each block of logits, NaN where one of them is
   * @param known tokens that may be drawn, the first ones
   * @param wanted how many of the likeliest must be there, at least 1
   * @return false if all logits must be looked at: there are too few blocks, or a logit is not
   *     finite
   */
  public boolean take(MemorySegment values, MemorySegment largest, int known, int wanted) {
    int blocks = Math.ceilDiv(known, block);
    if (wanted >= blocks) {
      return false;
    }
    if (maxima.length < blocks) {
      maxima = new float[blocks];
    }
    MemorySegment.copy(largest, ValueLayout.JAVA_FLOAT, 0, maxima, 0, blocks);
    int whole = known / block;
    if (whole < blocks) { // tokens that may not be drawn are in the last block too
      maxima[whole] = Float.NEGATIVE_INFINITY;
      for (int id = whole * block; id < known; id++) {
        maxima[whole] = Math.max(maxima[whole], values.getAtIndex(ValueLayout.JAVA_FLOAT, id));
      }
    }
    for (int b = 0; b < blocks; b++) {
      if (!(Math.abs(maxima[b]) < Float.POSITIVE_INFINITY)) {
        return false;
      }
    }
    largestBlocks.gatherLikeliest(maxima, blocks, wanted);
    float least = largestBlocks.logit(wanted - 1); // they are sorted, as there are more blocks
    size = 0;
    for (int b = 0; b < blocks; b++) {
      if (maxima[b] >= least && !add(values, b * block, Math.min((b + 1) * block, known))) {
        return false;
      }
    }
    return true;
  }

  /** Adds tokens {@code from .. to - 1}; false if a logit is not finite. */
  private boolean add(MemorySegment values, int from, int to) {
    int count = to - from;
    if (size + count > ids.length) {
      int room = Math.max(2 * ids.length, size + count);
      ids = Arrays.copyOf(ids, room);
      logits = Arrays.copyOf(logits, room);
    }
    MemorySegment.copy(values, ValueLayout.JAVA_FLOAT, 4L * from, logits, size, count);
    for (int i = size; i < size + count; i++) {
      ids[i] = from + i - size;
      if (!(Math.abs(logits[i]) < Float.POSITIVE_INFINITY)) {
        return false;
      }
    }
    size += count;
    return true;
  }

  int size() {
    return size;
  }

  /** In the order of ids; the first {@link #size} count. */
  float[] logits() {
    return logits;
  }

  int id(int i) {
    return ids[i];
  }
}
