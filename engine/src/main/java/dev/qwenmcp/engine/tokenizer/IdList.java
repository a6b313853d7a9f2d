package dev.qwenmcp.engine.tokenizer;

import java.util.Arrays;

/** A growing list of token ids. */
final class IdList {
  private int[] ids;
  private int size;

  IdList(int expected) {
    ids = new int[Math.max(16, expected)];
  }

  int size() {
    return size;
  }

  void add(int id) {
    if (size == ids.length) {
      ids = Arrays.copyOf(ids, size + (size >> 1));
    }
    ids[size++] = id;
  }

  void add(int[] more) {
    if (ids.length - size < more.length) {
      ids = Arrays.copyOf(ids, Math.max(size + more.length, size + (size >> 1)));
    }
    System.arraycopy(more, 0, ids, size, more.length);
    size += more.length;
  }

  int[] toArray() {
    return Arrays.copyOf(ids, size);
  }

  int[] toArray(int from) {
    return Arrays.copyOfRange(ids, from, size);
  }
}
