package dev.qwenmcp.engine.kv;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;

/** Pages whose every position says which tokens lead to it, as keys and values do. */
public final class TestPages {
  public static final KvLayout LAYOUT = new KvLayout(KvType.Q8_0, 1, 1, 32);
  public static final KvOrigin ORIGIN = new KvOrigin("model", "shape", LAYOUT, "", "1");
  public static final PageCost COST = new PageCost(1e-3, 1e-6, 1e-3);

  private TestPages() {}

  /** Writes what a forward pass over tokens {@code from} to {@code to} would. */
  public static void compute(SequencePages pages, int[] tokens, int from, int to) {
    pages.prepare(from, to);
    for (int i = from; i < to; i++) {
      pages.page(i / 64).set(ValueLayout.JAVA_LONG, i % 64 * 8L, value(tokens, i));
    }
  }

  /** The first position whose content is not that of the tokens, or {@code length}. */
  public static int firstWrong(SequencePages pages, int[] tokens, int length) {
    for (int i = 0; i < length; i++) {
      MemorySegment page = pages.page(i / 64);
      if (page.get(ValueLayout.JAVA_LONG, i % 64 * 8L) != value(tokens, i)
          || page.address() != pages.addresses().getAtIndex(ValueLayout.JAVA_LONG, i / 64)) {
        return i;
      }
    }
    return length;
  }

  /** Tokens of a small alphabet, so that beginnings are shared now and then. */
  public static int[] tokens(Random random, int length) {
    int[] tokens = new int[length];
    int style = random.nextInt(3);
    for (int i = 0; i < length; i++) {
      tokens[i] = style == 0 && i < 200 ? 7 : random.nextInt(20) == 0 ? random.nextInt(2) : i % 5;
    }
    return tokens;
  }

  private static long value(int[] tokens, int position) {
    long hash = 1;
    for (int i = 0; i <= position; i++) {
      hash = hash * 6364136223846793005L + tokens[i] + 1;
    }
    return hash;
  }
}
