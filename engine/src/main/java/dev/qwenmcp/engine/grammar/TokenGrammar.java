package dev.qwenmcp.engine.grammar;

import java.nio.charset.StandardCharsets;

/**
 * A grammar over a vocabulary; safe for many threads. Generations that share one share what it has
 * found out about the grammar, so keep it where the same grammar is used again.
 *
 * <p>A mask is the union over all ways of having read the text. Where the way stands in a string,
 * the tokens that stay within it are known beforehand or once found ({@link ReachFinder}); only
 * tokens that leave it are walked byte by byte through the grammar, and where it stands between
 * strings, few bytes may follow, so that little of the trie is walked.
 */
public final class TokenGrammar {
  private final Grammar grammar;
  private final TokenTrie trie;
  private final Reader reader;
  private final ReachFinder reaches;
  private final Configuration start;

  TokenGrammar(Grammar grammar, TokenTrie trie) {
    this.grammar = grammar;
    this.trie = trie;
    this.reader = new Reader(grammar);
    this.reaches = new ReachFinder(trie);
    this.start = reader.start();
  }

  /**
   * The constraint of one generation, which stands at the beginning of the text.
   *
   * @param endTokens ids that end the generation, allowed once the text is complete
   */
  public TokenConstraint constraint(int... endTokens) {
    return new GrammarConstraint(this, endTokens);
  }

  Configuration start() {
    return start;
  }

  /** After a token; {@link Configuration#NOWHERE} if it may not come. */
  synchronized Configuration step(Configuration from, int token) {
    byte[] bytes = trie.bytes(token);
    if (bytes == null) {
      return Configuration.NOWHERE;
    }
    Configuration at = from;
    for (byte symbol : bytes) {
      at = reader.step(at, symbol & 0xFF);
    }
    return at;
  }

  /** The tokens that may come next, a bit an id; not to be changed. */
  synchronized long[] mask(Configuration at) {
    if (at.mask == null) {
      reader.keep(at, compute(at));
    }
    return at.mask;
  }

  /** The only token that may come next; -1 where there are several or none. */
  int only(Configuration at) {
    int only = -1;
    long[] bits = mask(at);
    for (int word = 0; word < bits.length; word++) {
      if (bits[word] != 0) {
        if (only >= 0 || Long.bitCount(bits[word]) > 1) {
          return -1;
        }
        only = (word << 6) + Long.numberOfTrailingZeros(bits[word]);
      }
    }
    return only;
  }

  /** Longest expected text in bytes: names of members are shorter. */
  private static final int MOST_EXPECTED = 64;

  /** The text that follows as long as nothing else may; where one space or none may, it is put. */
  synchronized String expected(Configuration from) {
    byte[] text = new byte[MOST_EXPECTED];
    int n = 0;
    Configuration at = from;
    while (n < text.length && !at.complete) {
      int symbol = expectedSymbol(at);
      if (symbol < 0) {
        break;
      }
      text[n++] = (byte) symbol;
      at = reader.step(at, symbol);
    }
    return new String(text, 0, n, StandardCharsets.UTF_8);
  }

  /** The byte that follows, -1 where there is a choice. */
  private int expectedSymbol(Configuration at) {
    Configuration spaced = reader.step(at, ' ');
    if (spaced != Configuration.NOWHERE && reader.step(spaced, ' ') == Configuration.NOWHERE) {
      return ' '; // one space or none, as between marks; in texts more may follow
    }
    int only = -1;
    for (int symbol = 0; symbol < 256; symbol++) {
      if (reader.step(at, symbol) != Configuration.NOWHERE) {
        if (only >= 0) {
          return -1;
        }
        only = symbol;
      }
    }
    return only;
  }

  private long[] compute(Configuration at) {
    long[] bits = trie.newBits();
    for (int i = 0; i < at.size(); i++) {
      if (reachable(at, i)) {
        TextTerminal text = (TextTerminal) grammar.terminal(at.terminals[i]);
        Reach reach = reaches.find(text, at.states[i]);
        for (int word = 0; word < bits.length; word++) {
          bits[word] |= reach.tokens()[word];
        }
        Configuration after = reader.continuation(at.stacks[i]);
        if (after.size() > 0) {
          for (int exit : reach.exits()) {
            walk(exit, after, bits);
          }
        }
      }
    }
    Configuration rest = reader.part(at, i -> !reachable(at, i));
    if (rest.size() > 0) {
      walk(TokenTrie.ROOT, rest, bits);
    }
    return bits;
  }

  /** Whether a thread stands in text whose reach tells its tokens: a string, or text to the end. */
  private boolean reachable(Configuration at, int thread) {
    return grammar.terminal(at.terminals[thread]) instanceof TextTerminal text
        && (text.encoding() == TextTerminal.Encoding.JSON
            || reader.continuation(at.stacks[thread]).size() == 0);
  }

  /** Sets the bits of the tokens below a node that lead on from a configuration. */
  private void walk(int top, Configuration from, long[] bits) {
    int last = trie.end(top);
    if (last == top + 1) {
      return;
    }
    Configuration[] path = new Configuration[trie.depth() + 1];
    int[] pathEnds = new int[trie.depth() + 1];
    path[0] = from;
    pathEnds[0] = last;
    int depth = 0;
    for (int node = top + 1; node < last; ) {
      while (node >= pathEnds[depth]) {
        depth--;
      }
      Configuration at = reader.step(path[depth], trie.symbol(node));
      int end = trie.end(node);
      if (at == Configuration.NOWHERE) {
        node = end;
        continue;
      }
      trie.set(bits, node);
      if (end > node + 1) {
        path[++depth] = at;
        pathEnds[depth] = end;
      }
      node++;
    }
  }
}
