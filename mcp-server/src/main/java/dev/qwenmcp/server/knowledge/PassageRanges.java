package dev.qwenmcp.server.knowledge;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** Numbers of passages as ranges: those of a document follow each other. Immutable. */
final class PassageRanges {
  private final long[] firsts; // rising
  private final long[] ends; // first + count
  private final int size;

  private PassageRanges(List<long[]> ranges) {
    ranges.sort(Comparator.comparingLong(r -> r[0]));
    this.firsts = ranges.stream().mapToLong(r -> r[0]).toArray();
    this.ends = ranges.stream().mapToLong(r -> r[1]).toArray();
    this.size = (int) ranges.stream().mapToLong(r -> r[1] - r[0]).sum();
  }

  static final class Builder {
    private final List<long[]> ranges = new ArrayList<>();

    void add(long first, int count) {
      if (count > 0) {
        ranges.add(new long[] {first, first + count});
      }
    }

    PassageRanges build() {
      return new PassageRanges(ranges);
    }
  }

  /** How many passages there are. */
  int size() {
    return size;
  }

  boolean contains(long id) {
    int at = Arrays.binarySearch(firsts, id);
    int range = at >= 0 ? at : -at - 2;
    return range >= 0 && id < ends[range];
  }

  /**
   * Those that are not done, rising.
   *
   * @param done rising
   */
  long[] without(long[] done) {
    long[] missing = new long[size];
    int n = 0;
    int at = 0;
    for (int r = 0; r < firsts.length; r++) {
      for (long id = firsts[r]; id < ends[r]; id++) {
        while (at < done.length && done[at] < id) {
          at++;
        }
        if (at == done.length || done[at] != id) {
          missing[n++] = id;
        }
      }
    }
    return Arrays.copyOf(missing, n);
  }
}
