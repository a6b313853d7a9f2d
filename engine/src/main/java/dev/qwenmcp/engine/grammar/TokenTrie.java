package dev.qwenmcp.engine.grammar;

import dev.qwenmcp.engine.tokenizer.BpeTokenizer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.function.IntFunction;

/**
 * The bytes of all tokens of a vocabulary as a prefix tree; immutable, safe for many threads. Built
 * once a model.
 *
 * <p>Nodes are numbered in preorder, tokens ranked in the order of their bytes, so that the nodes
 * below a node and the tokens of these nodes are ranges.
 */
public final class TokenTrie {
  /** The root, which stands for no byte. */
  static final int ROOT = 0;

  private final int size;
  private final byte[][] spelled; // by id; null for tokens that are never drawn
  private final byte[] symbols; // by node: the last byte
  private final int[] ends; // by node: the first node that is not below it
  private final int[]
      firstRanks; // (nodes + 1): tokens of node n are [firstRanks[n], firstRanks[n+1])
  private final int[] tokens; // by rank: the id
  private final int depth;
  private final int[] parents; // by node
  private int[][] bySymbol; // by byte: the nodes that it leads to, ascending; made when asked for
  private final TextIndex[] textIndexes = new TextIndex[TextTerminal.Encoding.values().length];

  /**
   * @param size number of ids
   * @param bytes the bytes of an id; null or empty for ids that may never be drawn, such as control
   *     tokens
   */
  public TokenTrie(int size, IntFunction<byte[]> bytes) {
    this.size = size;
    spelled = new byte[size][];
    int count = 0;
    int longest = 0;
    for (int id = 0; id < size; id++) {
      byte[] token = bytes.apply(id);
      if (token != null && token.length > 0) {
        spelled[id] = token;
        count++;
        longest = Math.max(longest, token.length);
      }
    }
    depth = longest;
    tokens = sorted(spelled, count);
    int capacity = 1;
    for (int rank = 0; rank < count; rank++) {
      capacity += spelled[tokens[rank]].length - common(rank);
    }
    symbols = new byte[capacity];
    ends = new int[capacity];
    firstRanks = new int[capacity + 1];
    parents = new int[capacity];
    int[] path = new int[longest + 1]; // by depth: the open node
    int open = 0;
    int node = 1;
    for (int rank = 0; rank < count; rank++) {
      byte[] token = spelled[tokens[rank]];
      int shared = common(rank);
      for (; open > shared; open--) {
        ends[path[open]] = node;
      }
      while (open < token.length) {
        symbols[node] = token[open];
        firstRanks[node] = rank;
        parents[node] = path[open];
        path[++open] = node++;
      }
    }
    for (; open >= 0; open--) {
      ends[path[open]] = node;
    }
    firstRanks[node] = count;
  }

  /** All tokens of a tokenizer but special ones, which stand for more than their text. */
  public static TokenTrie of(BpeTokenizer tokenizer) {
    return new TokenTrie(
        tokenizer.size(),
        id -> {
          if (tokenizer.isControl(id)) {
            return null;
          }
          byte[] bytes = tokenizer.bytes(id);
          OptionalInt special = tokenizer.special(new String(bytes, StandardCharsets.UTF_8));
          return special.isPresent() && special.getAsInt() == id ? null : bytes;
        });
  }

  private static int[] sorted(byte[][] spelled, int count) {
    Integer[] ids = new Integer[count];
    int n = 0;
    for (int id = 0; id < spelled.length; id++) {
      if (spelled[id] != null) {
        ids[n++] = id;
      }
    }
    Arrays.sort(ids, (a, b) -> Arrays.compareUnsigned(spelled[a], spelled[b]));
    return Arrays.stream(ids).mapToInt(Integer::intValue).toArray();
  }

  /** How many bytes a token shares with the one before it. */
  private int common(int rank) {
    if (rank == 0) {
      return 0;
    }
    byte[] token = spelled[tokens[rank]];
    int mismatch = Arrays.mismatch(spelled[tokens[rank - 1]], token);
    return mismatch < 0 ? token.length : mismatch;
  }

  /** Number of ids. */
  public int size() {
    return size;
  }

  /** The bytes of a token, or null if it is never drawn. */
  byte[] bytes(int token) {
    return token >= 0 && token < size ? spelled[token] : null;
  }

  /** Longest token in bytes. */
  int depth() {
    return depth;
  }

  /** Number of nodes. */
  int nodes() {
    return symbols.length;
  }

  /** Last byte of a node, 0 to 255. */
  int symbol(int node) {
    return symbols[node] & 0xFF;
  }

  /** The first node that is not below a node; its first child, if any, is {@code node + 1}. */
  int end(int node) {
    return ends[node];
  }

  /** The node above a node. */
  int parent(int node) {
    return parents[node];
  }

  /** The bytes that lead to a node, 0 to 255 each. */
  int[] path(int node) {
    int length = 0;
    for (int at = node; at != ROOT; at = parents[at]) {
      length++;
    }
    int[] path = new int[length];
    for (int at = node; at != ROOT; at = parents[at]) {
      path[--length] = symbol(at);
    }
    return path;
  }

  /** Whether a byte comes anywhere below a node. */
  boolean hasBelow(int node, int symbol) {
    for (int below = node + 1; below < ends[node]; below++) {
      if (symbol(below) == symbol) {
        return true;
      }
    }
    return false;
  }

  /** The nodes that a byte leads to, ascending; not to be changed. */
  synchronized int[] reachedBy(int symbol) {
    if (bySymbol == null) {
      int[] counts = new int[256];
      for (int node = 1; node < symbols.length; node++) {
        counts[symbol(node)]++;
      }
      int[][] nodes = new int[256][];
      for (int i = 0; i < 256; i++) {
        nodes[i] = new int[counts[i]];
      }
      for (int node = symbols.length - 1; node > 0; node--) {
        nodes[symbol(node)][--counts[symbol(node)]] = node;
      }
      bySymbol = nodes;
    }
    return bySymbol[symbol];
  }

  /** Rank of the first token of a node. */
  int firstRank(int node) {
    return firstRanks[node];
  }

  /** The token of a rank. */
  int token(int rank) {
    return tokens[rank];
  }

  /** Sets the bits of the tokens that end at a node. */
  void set(long[] bits, int node) {
    for (int rank = firstRanks[node]; rank < firstRanks[node + 1]; rank++) {
      bits[tokens[rank] >> 6] |= 1L << tokens[rank];
    }
  }

  /** Clears the bits of the tokens that end at a node or below. */
  void clearBelow(long[] bits, int node) {
    for (int rank = firstRanks[node]; rank < firstRanks[ends[node]]; rank++) {
      bits[tokens[rank] >> 6] &= ~(1L << tokens[rank]);
    }
  }

  /** Clears the bits of the tokens that end at a node. */
  void clear(long[] bits, int node) {
    for (int rank = firstRanks[node]; rank < firstRanks[node + 1]; rank++) {
      bits[tokens[rank] >> 6] &= ~(1L << tokens[rank]);
    }
  }

  /** A bit an id, none set. */
  long[] newBits() {
    return new long[size + 63 >> 6];
  }

  /** What the inside of unrestricted text looks like with this vocabulary. */
  TextIndex textIndex(TextTerminal.Encoding encoding) {
    synchronized (textIndexes) {
      if (textIndexes[encoding.ordinal()] == null) {
        textIndexes[encoding.ordinal()] = TextIndex.of(this, encoding);
      }
      return textIndexes[encoding.ordinal()];
    }
  }
}
