package dev.qwenmcp.engine.batch;

import dev.qwenmcp.engine.kv.SequencePages;
import java.util.List;

/**
 * The next tokens of a sequence, or of several that advance together.
 *
 * @param tokens n ids
 * @param sequence of each token, index into {@code pages}
 * @param position of each token
 * @param pages of the sequences, made writable where the tokens go
 * @param rows of which something is wanted, rising
 * @param wanted what that is
 */
public record Pass(
    int[] tokens,
    int[] sequence,
    int[] position,
    List<SequencePages> pages,
    int[] rows,
    Wanted wanted) {

  /** What a pass is run for, beside keys and values. */
  public enum Wanted {
    /** What may come next, a number for each token of the vocabulary. */
    LOGITS,
    /** What the head makes logits of: the state after all layers and the final norm. */
    STATES
  }

  /** A pass whose logits are wanted. */
  public Pass(int[] tokens, int[] sequence, int[] position, List<SequencePages> pages, int[] rows) {
    this(tokens, sequence, position, pages, rows, Wanted.LOGITS);
  }

  /** Number of tokens. */
  int size() {
    return tokens.length;
  }
}
