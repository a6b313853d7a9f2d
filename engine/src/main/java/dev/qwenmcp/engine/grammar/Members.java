package dev.qwenmcp.engine.grammar;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;

/** The members that an object has so far. Immutable, with equality by content. */
final class Members implements Comparable<Members> {
  static final Members NONE = new Members(new long[0], List.of());

  private final long[] declared; // a bit a number; no zeros at the end
  private final List<String> others; // names of the others, ascending
  private final int size;
  private final int hash;

  private Members(long[] declared, List<String> others) {
    this.declared = declared;
    this.others = others;
    int count = others.size();
    for (long word : declared) {
      count += Long.bitCount(word);
    }
    size = count;
    hash = 31 * Arrays.hashCode(declared) + others.hashCode();
  }

  /** These and a declared one. */
  Members with(int number) {
    long[] more = Arrays.copyOf(declared, Math.max(declared.length, (number >> 6) + 1));
    more[number >> 6] |= 1L << number;
    return new Members(more, others);
  }

  /** These and one that is not declared. */
  Members with(String name) {
    int place = Collections.binarySearch(others, name);
    if (place >= 0) {
      return this;
    }
    List<String> more = new ArrayList<>(others);
    more.add(~place, name);
    return new Members(declared, List.copyOf(more));
  }

  /** How many there are. */
  int size() {
    return size;
  }

  /** Names of those that are not declared, ascending. */
  List<String> others() {
    return others;
  }

  boolean has(int number) {
    return number >> 6 < declared.length && (declared[number >> 6] >> number & 1) == 1;
  }

  /** The first declared number from {@code number} on that has not come. */
  int nextMissing(int number) {
    int word = number >> 6;
    if (word >= declared.length) {
      return number;
    }
    long missing = ~declared[word] & -1L << number;
    while (missing == 0) {
      if (++word == declared.length) {
        return word << 6;
      }
      missing = ~declared[word];
    }
    return (word << 6) + Long.numberOfTrailingZeros(missing);
  }

  /** The first declared member of these that is not among others; -1 for none. */
  int firstMissingIn(Members others) {
    for (int word = 0; word < declared.length; word++) {
      long more = declared[word] & ~(word < others.declared.length ? others.declared[word] : 0);
      if (more != 0) {
        return (word << 6) + Long.numberOfTrailingZeros(more);
      }
    }
    return -1;
  }

  /** How many of these declared ones have come. */
  int common(BitSet numbers) {
    int count = 0;
    for (int i = numbers.nextSetBit(0); i >= 0; i = numbers.nextSetBit(i + 1)) {
      count += has(i) ? 1 : 0;
    }
    return count;
  }

  @Override
  public int compareTo(Members other) {
    int order = Arrays.compare(declared, other.declared);
    return order != 0 ? order : Arrays.compare(names(), other.names());
  }

  private String[] names() {
    return others.toArray(String[]::new);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Members members
        && hash == members.hash
        && Arrays.equals(declared, members.declared)
        && others.equals(members.others);
  }

  @Override
  public int hashCode() {
    return hash;
  }
}
