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

  /**
   * Longest walk from a pair's own slot. At the table's load, a quarter to a half, chance gives
   * some dozens; only a file made to be slow comes near this.
   */
  private static final int MAX_PROBES = 1024;

  private final String source;
  private final Vocabulary vocabulary;
  private final long[] pairs; // left << 32 | right, -1 where the slot is free
  private final int[] ranks; // rank of the pair in the same slot
  private final int[] joined; // (merges): the token that a merge of this rank makes
  private byte[] bytes = new byte[256]; // of the merge that is being read

  /**
   * @param source name of the file, for error messages
   * @param vocabulary the tokens that merges speak of
   * @param merges "left right", both in {@link ByteAlphabet}, the first to apply first
   * @throws GgufFormatException if a merge is no pair, names no token, makes no token or stands
   *     there twice
   */
  MergeTable(String source, Vocabulary vocabulary, List<String> merges) throws GgufFormatException {
    this.source = source;
    this.vocabulary = vocabulary;
    int count = merges.size();
    int capacity = Math.max(16, Integer.highestOneBit(Math.max(1, count)) << 2);
    pairs = new long[capacity];
    ranks = new int[capacity];
    joined = new int[count];
    Arrays.fill(pairs, -1);
    for (int rank = 0; rank < count; rank++) {
      read(rank, merges.get(rank));
    }
  }

  private void read(int rank, String merge) throws GgufFormatException {
    int middle = merge.indexOf(' ');
    if (middle <= 0 || middle == merge.length() - 1) {
      throw error("pairs of tokens with one space between them", rank, merge);
    }
    if (bytes.length < merge.length()) {
      bytes = new byte[merge.length() * 2];
    }
    int half = ByteAlphabet.read(merge, 0, middle, bytes, 0);
    int end = half < 0 ? -1 : ByteAlphabet.read(merge, middle + 1, merge.length(), bytes, half);
    if (end < 0) {
      throw error("pairs of tokens in the byte alphabet of GPT-2", rank, merge);
    }
    int left = vocabulary.find(bytes, 0, half);
    int right = vocabulary.find(bytes, half, end);
    // Vocabularies mostly list the tokens in the order of the merges that make them.
    int likely = rank == 0 ? 256 : joined[rank - 1] + 1;
    joined[rank] = vocabulary.is(likely, bytes, 0, end) ? likely : vocabulary.find(bytes, 0, end);
    if (left < 0 || right < 0 || joined[rank] < 0) {
      String missing = left < 0 ? "left part" : right < 0 ? "right part" : "result";
      throw error("pairs of tokens that make a token; no token is the " + missing, rank, merge);
    }
    if (!insert(left, right, rank)) {
      throw error("pairs that differ (in their hashes as well)", rank, merge);
    }
  }

  /** The rank of this pair, {@link #NONE} if it does not join. */
  int rank(int left, int right) {
    long pair = (long) left << 32 | right;
    int mask = pairs.length - 1;
    int slot = hash(pair);
    for (int probe = 0; probe < MAX_PROBES; probe++) {
      long found = pairs[(slot + probe) & mask];
      if (found == pair) {
        return ranks[(slot + probe) & mask];
      }
      if (found < 0) {
        break;
      }
    }
    return NONE;
  }

  /** The token that the merge of this rank makes. */
  int joined(int rank) {
    return joined[rank];
  }

  /** Enters a pair; returns whether it was new and found a place. */
  private boolean insert(int left, int right, int rank) {
    long pair = (long) left << 32 | right;
    int mask = pairs.length - 1;
    int slot = hash(pair);
    for (int probe = 0; probe < MAX_PROBES; probe++) {
      int at = (slot + probe) & mask;
      if (pairs[at] < 0) {
        pairs[at] = pair;
        ranks[at] = rank;
        return true;
      }
      if (pairs[at] == pair) {
        return false;
      }
    }
    return false;
  }

  /** Fibonacci hashing: the high bits of a product with 2^64 / golden ratio mix both ids. */
  private static int hash(long pair) {
    return (int) (pair * 0x9E3779B97F4A7C15L >>> 40);
  }

  private GgufFormatException error(String expected, int rank, String merge) {
    return new GgufFormatException(
        source,
        -1,
        MERGES + " to be " + expected,
        "merge " + rank + ", \"" + (merge.length() <= 80 ? merge : merge.substring(0, 80)) + '"');
  }
}
