package dev.qwenmcp.engine;

import java.util.Arrays;
import java.util.List;

/** A growing list of token ids. */
final class TokenSequence {
  private int[] ids;
  private int size;

  TokenSequence() {
    this(new int[64], 0);
  }

  private TokenSequence(int[] ids, int size) {
    this.ids = ids;
    this.size = size;
  }

  int size() {
    return size;
  }

  int get(int index) {
    return ids[index];
  }

  void add(int... tokens) {
    if (size + tokens.length > ids.length) {
      ids = Arrays.copyOf(ids, Math.max(2 * ids.length, size + tokens.length));
    }
    System.arraycopy(tokens, 0, ids, size, tokens.length);
    size += tokens.length;
  }

  void truncate(int length) {
    size = length;
  }

  /** A copy of ids {@code from} (inclusive) to {@code to} (exclusive). */
  int[] range(int from, int to) {
    return Arrays.copyOfRange(ids, from, to);
  }

  TokenSequence copy() {
    return new TokenSequence(ids.clone(), size);
  }

  List<Integer> toList() {
    return Arrays.stream(ids, 0, size).boxed().toList();
  }
}
