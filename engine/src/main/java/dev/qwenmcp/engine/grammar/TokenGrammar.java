package dev.qwenmcp.engine.grammar;

import java.nio.charset.StandardCharsets;
import java.util.BitSet;

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
  private final NextMember nextMember = new NextMember();

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

  /** Longest forced text in bytes: more is found when it has come. */
  private static final int MOST_FORCED = 256;

  /** The text that follows as long as nothing else may, in whole code points. */
  synchronized ForcedText forcedText(Configuration from) {
    byte[] text = new byte[MOST_FORCED];
    int n = 0;
    Configuration at = from;
    while (n < text.length && !at.complete) {
      int symbol = onlySymbol(at);
      if (symbol < 0) {
        break;
      }
      text[n++] = (byte) symbol;
      at = reader.step(at, symbol);
    }
    boolean ends = at.complete && at.size() == 0;
    while (!ends && n > 0 && cutsCharacter(text, n)) {
      n--;
    }
    return n == 0
        ? ForcedText.NONE
        : new ForcedText(new String(text, 0, n, StandardCharsets.UTF_8), ends);
  }

  /** Whether the last character of so many bytes is not whole. */
  private static boolean cutsCharacter(byte[] text, int n) {
    int lead = n - 1;
    while (lead > 0 && n - lead < 4 && (text[lead] & 0xC0) == 0x80) {
      lead--;
    }
    int first = text[lead] & 0xFF;
    int length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    return n - lead < length;
  }

  /** Longest expected text in bytes: names of members are shorter. */
  private static final int MOST_EXPECTED = 64;

  /**
   * The text that follows as long as nothing else may; where one space or none may, it is put, and
   * where several members may come, the next in the order of the schema does.
   */
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
    int only = onlySymbol(at);
    return only >= 0 ? only : nextMember.symbol(at);
  }

  /** The only byte that may follow, -1 where there is a choice. */
  private int onlySymbol(Configuration at) {
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
    boolean[] known = new boolean[at.size()];
    for (int i = 0; i < at.size(); i++) {
      if (!(at.terminals[i] instanceof TextTerminal text)) {
        continue;
      }
      if (text.isName()) {
        if (text.encoding() == TextTerminal.Encoding.RAW) {
          continue; // a number: few tokens, walked with what has been read of it
        }
        name(text, at.states[i], at.stacks[i], at.name, bits);
        known[i] = true;
        continue;
      }
      Configuration after = reader.continuation(at.stacks[i]);
      known[i] =
          text.encoding() == TextTerminal.Encoding.JSON
              ? string(text, at.states[i], after, bits)
              : raw(text, at.states[i], after, bits);
    }
    Configuration rest = reader.part(at, i -> !known[i]);
    if (rest.size() > 0) {
      walk(TokenTrie.ROOT, rest, bits);
    }
    return bits;
  }

  /** Tokens from within a string, by its reach and what follows its closing quote. */
  private boolean string(TextTerminal text, long state, Configuration after, long[] bits) {
    Reach reach = reaches.find(text, state);
    or(reach.tokens(), bits);
    if (after.size() > 0) {
      for (int exit : reach.exits()) {
        walk(exit, after, bits);
      }
    }
    return true;
  }

  /** Stands for a name of which no more matters than that it is a further one; no text has it. */
  private static final String SOME_NAME = "\uDFFF";

  /**
   * Tokens from within the name of an undeclared member. Which name it is matters only to tokens
   * that go on to the next member.
   */
  private void name(TextTerminal text, long state, Stack stack, Spelling begun, long[] bits) {
    Reach reach = reaches.find(text, state);
    or(reach.tokens(), bits);
    Configuration after = reader.continuation(reader.named(stack, SOME_NAME));
    for (int exit : reach.exits()) {
      if (trie.end(exit) == exit + 1) {
        continue;
      }
      if (trie.hasBelow(exit, ',')) {
        Spelling name = begun;
        for (int symbol : trie.path(exit)) {
          name = Spelling.of(name, symbol);
        }
        walk(exit, reader.continuation(reader.named(stack, name.name())), bits);
      } else {
        walk(exit, after, bits);
      }
    }
  }

  /** Bytes that may follow raw text, beyond which walking byte by byte is as quick. */
  private static final int MOST_FOLLOWING = 24;

  /** Work in raw text below which nothing is worth keeping: few tokens begin with the few bytes. */
  private static final int FEW_EDGES = 4;

  /**
   * Tokens from within raw text, by its reach and by what few bytes may follow where it may end.
   *
   * @return false if they were not found so
   */
  private boolean raw(TextTerminal text, long state, Configuration after, long[] bits) {
    if (text.narrow(state, FEW_EDGES)) {
      return false;
    }
    int[] following = new int[MOST_FOLLOWING];
    int n = 0;
    for (int symbol = 0; symbol < 256 && after.size() > 0; symbol++) {
      if (reader.step(after, symbol) != Configuration.NOWHERE) {
        if (n == MOST_FOLLOWING) {
          return false;
        }
        following[n++] = symbol;
      }
    }
    or(reaches.find(text, state).tokens(), bits);
    if (n > 0) {
      BitSet ends = reaches.ends(text, state);
      for (int i = 0; i < n; i++) {
        Configuration next = reader.step(after, following[i]);
        for (int node : trie.reachedBy(following[i])) {
          if (ends.get(trie.parent(node))) {
            trie.set(bits, node);
            walk(node, next, bits);
          }
        }
      }
    }
    return true;
  }

  private static void or(long[] more, long[] bits) {
    for (int word = 0; word < bits.length; word++) {
      bits[word] |= more[word];
    }
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
