package dev.qwenmcp.engine.grammar;

import java.util.Arrays;

/** Holds one generation to a grammar; not for several threads. */
final class GrammarConstraint implements TokenConstraint {
  private final TokenGrammar grammar;
  private final int[] endTokens;
  private Configuration at;
  private boolean ended;

  GrammarConstraint(TokenGrammar grammar, int[] endTokens) {
    this.grammar = grammar;
    this.endTokens = endTokens.clone();
    this.at = grammar.start();
    for (int id : endTokens) {
      if (id < 0) {
        throw new IllegalArgumentException("end token " + id + "; ids are not negative");
      }
    }
  }

  @Override
  public void mask(float[] logits) {
    if (finished()) {
      throw new IllegalStateException(
          "the text is complete and nothing can follow; stop once finished() is true");
    }
    long[] allowed = grammar.mask(at);
    float[] ends = new float[endTokens.length];
    for (int i = 0; i < ends.length; i++) {
      ends[i] = endTokens[i] < logits.length ? logits[endTokens[i]] : Float.NEGATIVE_INFINITY;
    }
    boolean any = exclude(logits, allowed);
    if (at.complete) {
      for (int i = 0; i < ends.length; i++) {
        if (endTokens[i] < logits.length) {
          logits[endTokens[i]] = ends[i];
          any = true;
        }
      }
    }
    if (!any) {
      throw new IllegalStateException(
          at.complete
              ? "the text is complete, no token continues it, and no end token was given"
              : "no token of the vocabulary continues the text, which is not complete");
    }
  }

  /** Sets what is not allowed to negative infinity; says whether anything is allowed. */
  private static boolean exclude(float[] logits, long[] allowed) {
    boolean any = false;
    int known = Math.min(logits.length, allowed.length << 6);
    for (int word = 0; word << 6 < known; word++) {
      int first = word << 6;
      int last = Math.min(first + 64, known);
      long bits = allowed[word];
      any |= bits != 0;
      if (bits == 0) {
        Arrays.fill(logits, first, last, Float.NEGATIVE_INFINITY);
      } else {
        for (long off = ~bits; off != 0; off &= off - 1) {
          int id = first + Long.numberOfTrailingZeros(off);
          if (id >= last) {
            break;
          }
          logits[id] = Float.NEGATIVE_INFINITY;
        }
      }
    }
    Arrays.fill(logits, known, logits.length, Float.NEGATIVE_INFINITY);
    return any;
  }

  @Override
  public void accept(int token) {
    if (ended) {
      throw new IllegalStateException("token " + token + " comes after the end");
    }
    if (at.complete && Arrays.stream(endTokens).anyMatch(id -> id == token)) {
      ended = true;
      return;
    }
    Configuration next = grammar.step(at, token);
    if (next == Configuration.NOWHERE) {
      throw new IllegalArgumentException(
          "token " + token + " may not come here; draw from logits that mask() has seen");
    }
    at = next;
  }

  @Override
  public boolean complete() {
    return at.complete;
  }

  @Override
  public boolean finished() {
    return ended || at.complete && at.size() == 0;
  }

  @Override
  public int fitting(int[] tokens) {
    Configuration then = at;
    int n = 0;
    while (!ended && n < tokens.length) {
      then = grammar.step(then, tokens[n]);
      if (then == Configuration.NOWHERE) {
        break;
      }
      n++;
    }
    return n;
  }

  @Override
  public int[] forced(int most) {
    int[] tokens = new int[most];
    Configuration then = at;
    int n = 0;
    while (!ended && n < most && !then.complete) { // where it is complete, the end may come too
      int only = grammar.only(then);
      if (only < 0) {
        break;
      }
      tokens[n++] = only;
      then = grammar.step(then, only);
    }
    return Arrays.copyOf(tokens, n);
  }

  @Override
  public ForcedText forcedText() {
    return ended ? ForcedText.NONE : grammar.forcedText(at);
  }

  @Override
  public String expected() {
    return ended ? "" : grammar.expected(at);
  }
}
