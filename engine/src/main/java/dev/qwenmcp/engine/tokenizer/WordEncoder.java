package dev.qwenmcp.engine.tokenizer;

import java.util.Arrays;

/**
 * Byte-level BPE of one word: starts from its bytes and, again and again, joins the neighbours
 * whose merge has the lowest rank, the leftmost of equals first. One per call, not thread-safe.
 */
final class WordEncoder {
  /**
   * Bytes up to which each step looks for the lowest rank in turn, n² comparisons in all, which
   * beats a heap on words of common length.
   */
  private static final int SHORT = 64;

  private final Vocabulary vocabulary;
  private final MergeTable merges;

  private byte[] bytes = new byte[256];

  // Of a short word: the tokens so far and the rank of the merge of token i with token i + 1.
  private final int[] tokens = new int[SHORT];
  private final int[] ranks = new int[SHORT];

  WordEncoder(Vocabulary vocabulary, MergeTable merges) {
    this.vocabulary = vocabulary;
    this.merges = merges;
  }

  /** Appends the ids of the word {@code text[from .. to)}, which is well-formed UTF-16. */
  void encode(char[] text, int from, int to, IdList out) {
    int length = toUtf8(text, from, to);
    if (length <= SHORT) {
      encodeShort(length, out);
    } else {
      new LongWord(length).encode(out);
    }
  }

  private void encodeShort(int length, IdList out) {
    int count = length;
    for (int i = 0; i < count; i++) {
      tokens[i] = vocabulary.byteId(bytes[i] & 0xFF);
    }
    for (int i = 0; i < count - 1; i++) {
      ranks[i] = merges.rank(tokens[i], tokens[i + 1]);
    }
    while (count > 1) {
      int best = 0;
      for (int i = 1; i < count - 1; i++) {
        if (ranks[i] < ranks[best]) {
          best = i;
        }
      }
      int rank = ranks[best];
      if (rank == MergeTable.NONE) {
        break;
      }
      tokens[best] = merges.joined(rank);
      count--;
      System.arraycopy(tokens, best + 2, tokens, best + 1, count - best - 1);
      System.arraycopy(ranks, best + 1, ranks, best, count - best - 1);
      if (best > 0) {
        ranks[best - 1] = merges.rank(tokens[best - 1], tokens[best]);
      }
      if (best < count - 1) {
        ranks[best] = merges.rank(tokens[best], tokens[best + 1]);
      }
    }
    for (int i = 0; i < count; i++) {
      out.add(tokens[i]);
    }
  }

  /** Writes the word's UTF-8 to {@link #bytes} and returns its length. */
  private int toUtf8(char[] text, int from, int to) {
    long most = 3L * (to - from); // a surrogate pair takes 4 bytes for 2 chars
    if (bytes.length < most) {
      bytes = new byte[(int) Math.min(most, Integer.MAX_VALUE - 8)];
    }
    int n = 0;
    for (int i = from; i < to; i++) {
      char c = text[i];
      if (c < 0x80) {
        bytes[n++] = (byte) c;
      } else if (c < 0x800) {
        bytes[n++] = (byte) (0xC0 | c >> 6);
        bytes[n++] = (byte) (0x80 | c & 0x3F);
      } else if (Character.isHighSurrogate(c)) {
        int codePoint = Character.toCodePoint(c, text[++i]);
        bytes[n++] = (byte) (0xF0 | codePoint >> 18);
        bytes[n++] = (byte) (0x80 | codePoint >> 12 & 0x3F);
        bytes[n++] = (byte) (0x80 | codePoint >> 6 & 0x3F);
        bytes[n++] = (byte) (0x80 | codePoint & 0x3F);
      } else {
        bytes[n++] = (byte) (0xE0 | c >> 12);
        bytes[n++] = (byte) (0x80 | c >> 6 & 0x3F);
        bytes[n++] = (byte) (0x80 | c & 0x3F);
      }
    }
    return n;
  }

  /**
   * The merges of a long word: tokens in a linked list, candidates in a binary heap ordered by
   * rank, then place. A candidate whose pair has changed since is dropped when it comes up, so n
   * bytes take O(n log n).
   */
  private final class LongWord {
    private final int[] token; // by place of the first byte; -1 once joined to the left
    private final int[] next;
    private final int[] previous;
    private long[] heap; // rank << 32 | place, least first
    private int heapSize;

    LongWord(int length) {
      token = new int[length];
      next = new int[length];
      previous = new int[length];
      heap = new long[length];
      for (int i = 0; i < length; i++) {
        token[i] = vocabulary.byteId(bytes[i] & 0xFF);
        next[i] = i + 1 < length ? i + 1 : -1;
        previous[i] = i - 1;
      }
      for (int i = 0; i + 1 < length; i++) {
        int rank = merges.rank(token[i], token[i + 1]);
        if (rank != MergeTable.NONE) {
          heap[heapSize++] = (long) rank << 32 | i;
        }
      }
      for (int i = heapSize / 2 - 1; i >= 0; i--) {
        sink(i);
      }
    }

    void encode(IdList out) {
      while (heapSize > 0) {
        long candidate = heap[0];
        heap[0] = heap[--heapSize];
        sink(0);
        int rank = (int) (candidate >>> 32);
        int left = (int) candidate;
        if (token[left] < 0 || next[left] < 0) {
          continue;
        }
        int right = next[left];
        if (merges.rank(token[left], token[right]) != rank) {
          continue;
        }
        token[left] = merges.joined(rank);
        token[right] = -1;
        next[left] = next[right];
        if (next[left] >= 0) {
          previous[next[left]] = left;
          offer(left);
        }
        if (previous[left] >= 0) {
          offer(previous[left]);
        }
      }
      for (int i = 0; i >= 0; i = next[i]) {
        out.add(token[i]);
      }
    }

    /** Enters the pair whose left token is at {@code left}, if it can join. */
    private void offer(int left) {
      int rank = merges.rank(token[left], token[next[left]]);
      if (rank == MergeTable.NONE) {
        return;
      }
      if (heapSize == heap.length) {
        heap = Arrays.copyOf(heap, heapSize + (heapSize >> 1) + 1);
      }
      long candidate = (long) rank << 32 | left;
      int at = heapSize++;
      while (at > 0 && heap[(at - 1) >> 1] > candidate) {
        heap[at] = heap[(at - 1) >> 1];
        at = (at - 1) >> 1;
      }
      heap[at] = candidate;
    }

    private void sink(int at) {
      long candidate = heap[at];
      while (2 * at + 1 < heapSize) {
        int child = 2 * at + 1;
        if (child + 1 < heapSize && heap[child + 1] < heap[child]) {
          child++;
        }
        if (heap[child] >= candidate) {
          break;
        }
        heap[at] = heap[child];
        at = child;
      }
      heap[at] = candidate;
    }
  }
}
