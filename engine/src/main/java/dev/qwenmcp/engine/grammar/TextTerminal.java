package dev.qwenmcp.engine.grammar;

import static dev.qwenmcp.engine.grammar.TextState.BODY;
import static dev.qwenmcp.engine.grammar.TextState.CLOSED;
import static dev.qwenmcp.engine.grammar.TextState.OPEN_QUOTE;
import static dev.qwenmcp.engine.grammar.TextState.count;
import static dev.qwenmcp.engine.grammar.TextState.dfa;
import static dev.qwenmcp.engine.grammar.TextState.pack;
import static dev.qwenmcp.engine.grammar.TextState.part;
import static dev.qwenmcp.engine.grammar.TextState.phase;

import dev.qwenmcp.engine.grammar.regular.Dfa;
import dev.qwenmcp.engine.grammar.regular.Effort;
import java.util.Arrays;
import java.util.List;

/**
 * A terminal given by the code points of its texts and their number, written as UTF-8 or as a JSON
 * string.
 *
 * <p>Here is which code points may follow; how each is written is {@link CodePointBytes}'. States
 * are {@link TextState}s; where names are taken, their count is a place among {@link TakenNames}
 * instead.
 */
public final class TextTerminal implements Terminal {

  /** How code points become bytes. */
  public enum Encoding {
    /** Plain UTF-8. */
    RAW,
    /** A JSON string with its quotes. */
    JSON
  }

  /** Most states of the automaton. */
  static final int MAX_STATES = 1 << TextState.DFA_BITS;

  private final Dfa chars;
  private final LengthBounds lengths;
  private final Encoding encoding;
  private final long[] sizes; // by state of the automaton: texts that follow; null but for names
  private final TextTerminal all; // of names some of which are taken, all names; null for others
  private final TakenNames taken; // null where none are

  /**
   * @param chars the texts, by their code points
   * @param min fewest code points
   * @param max most code points; {@link Integer#MAX_VALUE} for no bound
   * @throws GrammarException if {@code chars} has too many states or {@code min} is too large
   */
  public TextTerminal(Dfa chars, int min, int max, Encoding encoding, Effort effort) {
    if (chars.states() > MAX_STATES) {
      throw new GrammarException(
          "text", "needs an automaton of more than " + MAX_STATES + " states; simplify it");
    }
    if (min > LengthBounds.LIMIT) {
      throw new GrammarException(
          "text", "a minimum length of " + min + " is beyond " + LengthBounds.LIMIT);
    }
    this.chars = chars;
    this.lengths = new LengthBounds(chars, min, max, effort);
    this.encoding = encoding;
    this.sizes = null;
    this.all = null;
    this.taken = null;
  }

  private TextTerminal(TextTerminal texts, long[] sizes, TextTerminal all, TakenNames taken) {
    this.chars = texts.chars;
    this.lengths = texts.lengths;
    this.encoding = texts.encoding;
    this.sizes = sizes;
    this.all = all;
    this.taken = taken;
  }

  /**
   * Texts each of which may come once only: names of the members of an object, items of an array
   * that may not repeat.
   *
   * @param encoding JSON strings, or raw for numbers
   * @throws GrammarException if {@code chars} has too many states
   */
  public static TextTerminal once(Dfa chars, Encoding encoding, Effort effort) {
    TextTerminal texts = new TextTerminal(chars, 0, Integer.MAX_VALUE, encoding, effort);
    return new TextTerminal(texts, chars.sizes(), null, null);
  }

  /** Whether these are names, or other texts that come once. */
  boolean isName() {
    return sizes != null;
  }

  /** These names without some that are taken, of which others need not be among them. */
  TextTerminal without(List<String> names) {
    List<String> own =
        names.stream()
            .filter(name -> Spelling.isNumber(name) == (encoding == Encoding.RAW))
            .map(name -> encoding == Encoding.RAW ? Spelling.number(name) : name)
            .filter(chars::accepts)
            .toList();
    if (own.isEmpty()) {
      return this;
    }
    TakenNames taken = new TakenNames(chars, sizes, own);
    if (taken.places() >= 1 << TextState.COUNT_BITS) {
      throw new IllegalStateException(
          "the names of an object's members, or the items of an array, are too long together");
    }
    return new TextTerminal(this, sizes, this, taken);
  }

  /** Every text. */
  public static TextTerminal anything(Encoding encoding) {
    return new TextTerminal(Dfa.ANYTHING, 0, Integer.MAX_VALUE, encoding, new Effort());
  }

  @Override
  public boolean isEmpty() {
    return chars.isEmpty()
        || lengths.min() > lengths.max()
        || !alive(Dfa.START, taken == null ? 0 : TakenNames.ROOT);
  }

  @Override
  public long start() {
    int count = taken == null ? 0 : TakenNames.ROOT;
    return pack(encoding == Encoding.JSON ? OPEN_QUOTE : BODY, 0, Dfa.START, count);
  }

  @Override
  public boolean accepting(long state) {
    return switch (encoding) {
      case JSON -> phase(state) == CLOSED;
      case RAW -> phase(state) == BODY && chars.accepting(dfa(state)) && mayEnd(count(state));
    };
  }

  @Override
  public boolean open(long state) {
    return switch (phase(state)) {
      case CLOSED -> false;
      case BODY -> encoding == Encoding.JSON || some(state, 0, Character.MAX_CODE_POINT);
      default -> true;
    };
  }

  @Override
  public long step(long state, int symbol) {
    return CodePointBytes.step(this, state, symbol);
  }

  /** The state behind a code point, or {@link #DEAD}. */
  long codePoint(long state, int codePoint) {
    int next = chars.step(dfa(state), codePoint);
    if (next == Dfa.DEAD) {
      return DEAD;
    }
    int count = taken == null ? lengths.next(count(state)) : taken.next(count(state), codePoint);
    return alive(next, count) ? pack(BODY, 0, next, count) : DEAD;
  }

  /** The state behind the text's end, or {@link #DEAD} where it may not end. */
  long end(long state) {
    return chars.accepting(dfa(state)) && mayEnd(count(state)) ? pack(CLOSED, 0, 0, 0) : DEAD;
  }

  private boolean mayEnd(int count) {
    return taken == null ? lengths.mayEnd(count) : taken.mayEnd(count);
  }

  private boolean alive(int dfa, int count) {
    return taken == null ? lengths.alive(dfa, count) : taken.alive(dfa, count);
  }

  /** Whether some code point of a range may follow. */
  boolean some(long state, int first, int last) {
    if (first > last) {
      return false;
    }
    int dfa = dfa(state);
    if (taken != null) {
      return taken.some(dfa, count(state), first, last);
    }
    int count = lengths.next(count(state));
    for (int edge = 0; edge < chars.edges(dfa); edge++) {
      if (chars.first(dfa, edge) > last) {
        return false;
      }
      if (chars.last(dfa, edge) >= first && lengths.alive(chars.target(dfa, edge), count)) {
        return true;
      }
    }
    return false;
  }

  // What the search for tokens works with.

  Encoding encoding() {
    return encoding;
  }

  /** Whether a state stands between two code points. */
  boolean betweenCodePoints(long state) {
    return phase(state) == BODY;
  }

  /** Whether a state is half-way through a code point. */
  boolean withinCodePoint(long state) {
    return phase(state) > CLOSED;
  }

  /** All names, of those some of which are taken; else this. */
  TextTerminal all() {
    return all == null ? this : all;
  }

  /** Whether no taken name can come from here on, so that the state is one of {@link #all}. */
  boolean sameAsAll(long state) {
    return taken == null || count(state) == TakenNames.ELSEWHERE;
  }

  /** Whether from here on everything is allowed that the encoding allows. */
  boolean unrestricted(long state) {
    return phase(state) != CLOSED
        && chars.universal(dfa(state))
        && sameAsAll(state)
        && (lengths.any() || lengths.max() == LengthBounds.LIMIT && count(state) >= lengths.min());
  }

  /** Whether such a state can be reached. */
  boolean becomesUnrestricted() {
    if (lengths.max() != LengthBounds.LIMIT) {
      return false;
    }
    for (int state = 0; state < chars.states(); state++) {
      if (chars.universal(state)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Whether from here on everything is allowed that the encoding allows, but for where it may end.
   */
  boolean restrictsOnlyTheEnd(long state) {
    return phase(state) == BODY && lengths.any() && chars.total(dfa(state));
  }

  /**
   * By state of the automaton and ASCII character, the state that follows where the character
   * stands for itself; {@link #NO_SHORTCUT} where it does not.
   */
  int[] shortcuts() {
    int[] next = new int[chars.states() << 7];
    Arrays.fill(next, NO_SHORTCUT);
    if (!lengths.any()) {
      return next;
    }
    int first = encoding == Encoding.JSON ? 0x20 : 0;
    for (int state = 0; state < chars.states(); state++) {
      Arrays.fill(next, (state << 7) + first, state + 1 << 7, Dfa.DEAD);
      for (int edge = 0; edge < chars.edges(state); edge++) {
        int last = Math.min(chars.last(state, edge), 0x7F);
        for (int c = Math.max(first, chars.first(state, edge)); c <= last; c++) {
          next[state << 7 | c] = chars.target(state, edge);
        }
      }
      if (encoding == Encoding.JSON) {
        next[state << 7 | '"'] = NO_SHORTCUT;
        next[state << 7 | '\\'] = NO_SHORTCUT;
      }
    }
    return next;
  }

  static final int NO_SHORTCUT = -2;

  /** {@link #step} by way of the {@link #shortcuts}. */
  long step(long state, int symbol, int[] shortcuts) {
    if (symbol < 0x80 && phase(state) == BODY && sameAsAll(state)) {
      int next = shortcuts[dfa(state) << 7 | symbol];
      if (next >= 0) {
        return pack(BODY, 0, next, 0);
      }
      if (next == Dfa.DEAD) {
        return DEAD;
      }
    }
    return step(state, symbol);
  }

  /** Whether so few characters may follow that looking at each is quick. */
  boolean narrow(long state, int most) {
    int dfa = dfa(state);
    int count = 0;
    for (int edge = 0; edge < chars.edges(dfa) && count <= most; edge++) {
      count += chars.last(dfa, edge) - chars.first(dfa, edge) + 1;
    }
    return count <= most;
  }

  LengthBounds lengths() {
    return lengths;
  }

  int codePoints(long state) {
    return count(state);
  }

  /** The same texts without bounds of length, in the same place; valid where only max matters. */
  long withoutCount(long state) {
    return pack(phase(state), part(state), dfa(state), 0);
  }

  /** The same texts without bounds of length. */
  TextTerminal withoutBounds() {
    return new TextTerminal(chars, 0, Integer.MAX_VALUE, encoding, new Effort());
  }
}
