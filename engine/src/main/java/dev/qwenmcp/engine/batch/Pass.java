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
 * @param rows whose logits are wanted, rising
 */
public record Pass(
    int[] tokens, int[] sequence, int[] position, List<SequencePages> pages, int[] rows) {
  /** Number of tokens. */
  int size() {
    return tokens.length;
  }
}
