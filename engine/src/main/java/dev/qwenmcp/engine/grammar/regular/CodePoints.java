package dev.qwenmcp.engine.grammar.regular;

import java.util.Arrays;

/** An immutable set of Unicode scalar values: code points without surrogates. */
public final class CodePoints {
  public static final CodePoints NONE = new CodePoints(new int[0]);
  public static final CodePoints ALL =
      new CodePoints(
          new int[] {
            0, Character.MIN_SURROGATE - 1, Character.MAX_SURROGATE + 1, Character.MAX_CODE_POINT
          });

  private final int[] ranges; // first, last, first, last, …: ascending, not adjacent

  private CodePoints(int[] ranges) {
    this.ranges = ranges;
  }

  public static CodePoints of(int codePoint) {
    return range(codePoint, codePoint);
  }

  /** From {@code first} to {@code last}, both included. */
  public static CodePoints range(int first, int last) {
    return ranges(first, last);
  }

  /** The union of ranges given as first, last, first, last, …; surrogates are left out. */
  public static CodePoints ranges(int... firstsAndLasts) {
    long[] sorted = new long[firstsAndLasts.length / 2];
    for (int i = 0; i < sorted.length; i++) {
      sorted[i] = (long) firstsAndLasts[2 * i] << 32 | firstsAndLasts[2 * i + 1];
    }
    Arrays.sort(sorted);
    int[] merged = new int[firstsAndLasts.length];
    int n = 0;
    for (long range : sorted) {
      int first = (int) (range >> 32);
      int last = (int) range;
      if (n > 0 && first <= merged[n - 1] + 1) {
        merged[n - 1] = Math.max(merged[n - 1], last);
      } else if (first <= last) {
        merged[n++] = first;
        merged[n++] = last;
      }
    }
    return new CodePoints(Arrays.copyOf(merged, n)).and(ALL);
  }

  public CodePoints or(CodePoints other) {
    int[] both = Arrays.copyOf(ranges, ranges.length + other.ranges.length);
    System.arraycopy(other.ranges, 0, both, ranges.length, other.ranges.length);
    return ranges(both);
  }

  public CodePoints and(CodePoints other) {
    int[] common = new int[ranges.length + other.ranges.length];
    int n = 0;
    for (int i = 0, j = 0; i < ranges.length && j < other.ranges.length; ) {
      int first = Math.max(ranges[i], other.ranges[j]);
      int last = Math.min(ranges[i + 1], other.ranges[j + 1]);
      if (first <= last) {
        common[n++] = first;
        common[n++] = last;
      }
      if (ranges[i + 1] < other.ranges[j + 1]) {
        i += 2;
      } else {
        j += 2;
      }
    }
    return new CodePoints(Arrays.copyOf(common, n));
  }

  /** All scalar values that are not in this set. */
  public CodePoints complement() {
    int[] gaps = new int[ranges.length + 2];
    int n = 0;
    int next = 0;
    for (int i = 0; i < ranges.length; i += 2) {
      if (ranges[i] > next) {
        gaps[n++] = next;
        gaps[n++] = ranges[i] - 1;
      }
      next = ranges[i + 1] + 1;
    }
    if (next <= Character.MAX_CODE_POINT) {
      gaps[n++] = next;
      gaps[n++] = Character.MAX_CODE_POINT;
    }
    return new CodePoints(Arrays.copyOf(gaps, n)).and(ALL);
  }

  public boolean isEmpty() {
    return ranges.length == 0;
  }

  public boolean contains(int codePoint) {
    for (int i = 0; i < ranges.length; i += 2) {
      if (codePoint >= ranges[i] && codePoint <= ranges[i + 1]) {
        return true;
      }
    }
    return false;
  }

  /** Number of ranges. */
  public int count() {
    return ranges.length / 2;
  }

  /** First code point of range {@code i}. */
  public int first(int i) {
    return ranges[2 * i];
  }

  /** Last code point of range {@code i}, included. */
  public int last(int i) {
    return ranges[2 * i + 1];
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CodePoints set && Arrays.equals(ranges, set.ranges);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(ranges);
  }
}
