package dev.qwenmcp.engine;

import dev.qwenmcp.engine.model.ExpertListener;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * How often the routers of a mixture chose each expert, for the tokens that were computed: those of
 * prompts that the cache did not know, those that were written, and guesses, wrong ones too.
 *
 * <p>Safe for many threads; a count stays within 32 bits for some billion tokens.
 */
public final class ExpertCounts implements ExpertListener {
  private final ExpertGrid grid;
  private final int[] counts; // (layers, experts)

  public ExpertCounts(ExpertGrid grid) {
    this.grid = grid;
    this.counts = new int[Math.multiplyExact(grid.layers(), grid.experts())];
  }

  public ExpertGrid grid() {
    return grid;
  }

  @Override
  public synchronized void chose(int layer, MemorySegment experts) {
    long choices = experts.byteSize() / Integer.BYTES;
    for (long i = 0; i < choices; i++) {
      counts[layer * grid.experts() + experts.getAtIndex(ValueLayout.JAVA_INT, i)]++;
    }
  }

  /** The counts so far (layers, experts), a copy. */
  public synchronized int[][] byLayer() {
    int[][] rows = new int[grid.layers()][grid.experts()];
    for (int l = 0; l < rows.length; l++) {
      System.arraycopy(counts, l * grid.experts(), rows[l], 0, grid.experts());
    }
    return rows;
  }
}
