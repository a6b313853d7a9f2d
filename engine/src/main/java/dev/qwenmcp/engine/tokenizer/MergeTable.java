package dev.qwenmcp.engine.tokenizer;

import dev.qwenmcp.engine.gguf.GgufFormatException;
import java.util.Arrays;
import java.util.List;

/**
 * Which two neighbouring tokens join into which, and with what precedence.
 *
 * <p>A hash table with open addressing from the pair of ids to the merge's rank: its place in the
 * file, where the lowest joins first.
 */
final class MergeTable {
  /** Returned for pairs that do not join; larger than every rank. */
  static final int NONE = Integer.MAX_VALUE;

  private static final String MERGES = "tokenizer.ggml.merges";

  private final long[] pairs; // left << 32 | right, -1 where the slot is free
  private final int[] ranks; // rank of the pair in the same slot
  private final int[] joined; // (merges): the token that a merge of this rank makes

  /**
   * @param source name of the file, for error messages
   * @param vocabulary the tokens that merges speak of
   * @param merges "left right", both in {@link ByteAlphabet}, the first to apply first
   * @throws GgufFormatException if a merge is no pair, names no token, makes no token or stands
   *     there twice
   */
  MergeTable(String source, Vocabulary vocabulary, List<String> merges) throws GgufFormatException {
    int count = merges.size();
    int capacity = Math.max(16, Integer.highestOneBit(Math.max(1, count)) << 2);
    pairs = new long[capacity];
    ranks = new int[capacity];
    joined = new int[count];
    Arrays.fill(pairs, -1);
    byte[] bytes = new byte[256];
    for (int rank = 0; rank < count; rank++) {
      String merge = merges.get(rank);
      int length = merge.length();
      if (bytes.length < length) {
        bytes = new byte[length * 2];
      }
      int end = 0;
      int middle = -1;
      for (int i = 0; i < length; i++) {
        char c = merge.charAt(i);
        if (c == ' ' && middle < 0) {
          middle = i;
          continue;
        }
        int b = ByteAlphabet.byteOf(c);
        if (b < 0) {
          throw error(source, "pairs in the byte alphabet of GPT-2", rank, merge);
        }
        bytes[end++] = (byte) b;
      }
      if (middle <= 0 || middle == end) {
        throw error(source, "pairs of tokens with one space between them", rank, merge);
      }
      int left = vocabulary.find(bytes, 0, middle);
      int right = vocabulary.find(bytes, middle, end);
      // Vocabularies mostly list the tokens in the order of the merges that make them.
      int likely = rank == 0 ? 256 : joined[rank - 1] + 1;
      joined[rank] = vocabulary.is(likely, bytes, 0, end) ? likely : vocabulary.find(bytes, 0, end);
      if (left < 0 || right < 0 || joined[rank] < 0) {
        String missing = left < 0 ? "left part" : right < 0 ? "right part" : "result";
        throw error(
            source, "pairs of tokens that make a token; no token is the " + missing, rank, merge);
      }
      if (!insert(left, right, rank)) {
        throw error(source, "pairs that differ", rank, merge);
      }
    }
  }

  /** The rank of this pair, {@link #NONE} if it does not join. */
  int rank(int left, int right) {
    long pair = (long) left << 32 | right;
    int mask = pairs.length - 1;
    int slot = hash(pair) & mask;
    while (true) {
      long found = pairs[slot];
      if (found == pair) {
        return ranks[slot];
      }
      if (found < 0) {
        return NONE;
      }
      slot = (slot + 1) & mask;
    }
  }

  /** The token that the merge of this rank makes. */
  int joined(int rank) {
    return joined[rank];
  }

  private boolean insert(int left, int right, int rank) {
    long pair = (long) left << 32 | right;
    int mask = pairs.length - 1;
    int slot = hash(pair) & mask;
    while (pairs[slot] >= 0) {
      if (pairs[slot] == pair) {
        return false;
      }
      slot = (slot + 1) & mask;
    }
    pairs[slot] = pair;
    ranks[slot] = rank;
    return true;
  }

  /** Fibonacci hashing: the high bits of a product with 2^64 / golden ratio mix both ids. */
  private static int hash(long pair) {
    return (int) (pair * 0x9E3779B97F4A7C15L >>> 40);
  }

  private static GgufFormatException error(String source, String expected, int rank, String merge) {
    return new GgufFormatException(
        source,
        -1,
        MERGES + " to be " + expected,
        "merge " + rank + ", \"" + (merge.length() <= 80 ? merge : merge.substring(0, 80)) + '"');
  }
}
