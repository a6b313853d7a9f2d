package dev.qwenmcp.engine.kernel;

import dev.qwenmcp.engine.kv.KvLayout;
import dev.qwenmcp.engine.kv.PageTable;
import java.util.List;

/**
 * Which sequence and position each token of a batch belongs to, and where its KV pages are.
 *
 * <p>Tokens of one sequence stand in rising order of position. Pages for every position up to the
 * last exist already.
 *
 * @param layout page layout, the same for all sequences
 * @param sequence index into {@code tables}, one a token
 * @param position position in its sequence, one a token
 * @param tables page tables of the sequences
 */
public record KvBatch(KvLayout layout, int[] sequence, int[] position, List<PageTable> tables) {
  public KvBatch {
    tables = List.copyOf(tables);
    if (sequence.length != position.length) {
      throw new IllegalArgumentException(
          sequence.length + " sequence indices for " + position.length + " positions");
    }
    for (int t = 0; t < sequence.length; t++) {
      PageTable table = tables.get(sequence[t]);
      if (position[t] < 0 || position[t] / KvLayout.PAGE_TOKENS >= table.size()) {
        throw new IllegalArgumentException(
            "position " + position[t] + " has no page: " + table.size() + " pages");
      }
    }
  }

  /** Tokens of the batch. */
  public int tokens() {
    return position.length;
  }
}
