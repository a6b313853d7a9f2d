package dev.qwenmcp.engine.tokenizer;

import java.util.Arrays;

/**
 * Remembers the ids of short words, since a few thousand words make up most of any text.
 *
 * <p>Each word has one slot, which the next word of the same slot takes over, so the size is
 * bounded whatever the input. Threads share it without locks: an entry is immutable, and the Java
 * memory model shows its final fields whole to whoever finds it; a lost update costs one more
 * encoding.
 */
final class WordCache {
  /** Longest word kept, in UTF-16 units: longer ones seldom return. */
  static final int MAX_WORD = 24;

  /** Slots; with the ten thousand commonest words of a language two thirds keep a slot for good. */
  private static final int SLOTS = 1 << 14;

  private final Entry[] slots = new Entry[SLOTS];

  private static final class Entry {
    final int hash;
    final char[] word;
    final int[] ids;

    Entry(int hash, char[] word, int[] ids) {
      this.hash = hash;
      this.word = word;
      this.ids = ids;
    }
  }

  static int hash(char[] text, int from, int to) {
    int h = 0;
    for (int i = from; i < to; i++) {
      h = h * 31 + text[i];
    }
    return h * 0x9E3779B1;
  }

  /** The ids of the word, null if it is not here; not to be changed. */
  int[] get(int hash, char[] text, int from, int to) {
    Entry entry = slots[slot(hash)];
    return entry != null
            && entry.hash == hash
            && Arrays.equals(entry.word, 0, entry.word.length, text, from, to)
        ? entry.ids
        : null;
  }

  void put(int hash, char[] text, int from, int to, int[] ids) {
    slots[slot(hash)] = new Entry(hash, Arrays.copyOfRange(text, from, to), ids);
  }

  private static int slot(int hash) {
    return hash >>> 18; // 32 - 18 = 14 bits
  }
}
