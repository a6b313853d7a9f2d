package dev.qwenmcp.engine.grammar;

import dev.qwenmcp.engine.grammar.regular.Dfa;
import dev.qwenmcp.engine.grammar.regular.Effort;
import java.util.Arrays;
import java.util.List;

/**
 * A terminal given by the code points of its texts and their number, written as UTF-8 or as a JSON
 * string.
 *
 * <p>In a JSON string every code point may be written raw, with its short escape, or as {@code \\u}
 * with upper or lower case digits; surrogates only as a pair. Half-written code points are states
 * as well: they exist only where some code point that they begin may follow.
 *
 * <p>A state packs what is known into one number:
 *
 * <pre>
 *   phase (5 bits) | half-written code point (22) | state of the automaton (16) | count (21)
 * </pre>
 *
 * <p>Where names are taken, the count is a place among {@link TakenNames} instead.
 */
public final class TextTerminal implements Terminal {

  /** How code points become bytes. */
  public enum Encoding {
    /** Plain UTF-8. */
    RAW,
    /** A JSON string with its quotes. */
    JSON
  }

  private static final int COUNT_BITS = 21;
  private static final int DFA_BITS = 16;
  private static final int PART_BITS = 22;
  private static final int DFA_SHIFT = COUNT_BITS;
  private static final int PART_SHIFT = DFA_SHIFT + DFA_BITS;
  private static final int PHASE_SHIFT = PART_SHIFT + PART_BITS;

  /** Most states of the automaton. */
  static final int MAX_STATES = 1 << DFA_BITS;

  // Phases, by what comes next.
  private static final int OPEN_QUOTE = 0;
  private static final int BODY = 1;
  private static final int CLOSED = 2;

  /** Continuation bytes; part: the bits so far, above how many bytes are still to come (2 bits). */
  private static final int UTF8 = 3;

  private static final int ESCAPE = 4;

  /** Hexadecimal digits after {@code \\u}; part: the digits so far, above their number (2 bits). */
  private static final int HEX = 5;

  // The second half of a surrogate pair; part: the first half's ten bits, and in LOW_3 and LOW_4
  // the
  // two or six bits known of the second half below them.
  private static final int LOW_SLASH = 6;
  private static final int LOW_U = 7;
  private static final int LOW_1 = 8; // 'D'
  private static final int LOW_2 = 9; // 'C' to 'F'
  private static final int LOW_3 = 10;
  private static final int LOW_4 = 11;

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
    if (taken.places() >= 1 << COUNT_BITS) {
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
    int part = part(state);
    return switch (phase(state)) {
      case OPEN_QUOTE -> symbol == '"' ? with(state, BODY, 0) : DEAD;
      case BODY -> body(state, symbol);
      case UTF8 -> continuation(state, symbol);
      case ESCAPE -> escape(state, symbol);
      case HEX -> hex(state, symbol);
      case LOW_SLASH -> symbol == '\\' ? with(state, LOW_U, part) : DEAD;
      case LOW_U -> symbol == 'u' ? with(state, LOW_1, part) : DEAD;
      case LOW_1 -> symbol == 'D' || symbol == 'd' ? with(state, LOW_2, part) : DEAD;
      case LOW_2 -> {
        int digit = hexDigit(symbol);
        yield digit >= 12 ? low(state, part << 2 | digit - 12, LOW_3, 8) : DEAD;
      }
      case LOW_3 -> low(state, part << 4 | hexDigit(symbol), LOW_4, 4, symbol);
      case LOW_4 -> {
        int digit = hexDigit(symbol);
        yield digit < 0 ? DEAD : codePoint(state, 0x10000 + (part << 4 | digit));
      }
      default -> DEAD;
    };
  }

  private long body(long state, int symbol) {
    if (symbol < 0x80) {
      if (encoding == Encoding.JSON) {
        if (symbol == '"') {
          boolean ends = chars.accepting(dfa(state)) && mayEnd(count(state));
          return ends ? pack(CLOSED, 0, 0, 0) : DEAD;
        }
        if (symbol == '\\') {
          // Any code point can be written as an escape.
          return some(state, 0, Character.MAX_CODE_POINT) ? with(state, ESCAPE, 0) : DEAD;
        }
        if (symbol < 0x20) {
          return DEAD;
        }
      }
      return codePoint(state, symbol);
    }
    // The ranges of RFC 3629: C0, C1 and F5 on begin nothing.
    if (symbol >= 0xC2 && symbol <= 0xDF) {
      return utf8(state, symbol & 0x1F, 1, 0);
    }
    if (symbol >= 0xE0 && symbol <= 0xEF) {
      return utf8(state, symbol & 0x0F, 2, 0x800);
    }
    if (symbol >= 0xF0 && symbol <= 0xF4) {
      return utf8(state, symbol & 0x07, 3, 0x10000);
    }
    return DEAD;
  }

  private long continuation(long state, int symbol) {
    if ((symbol & 0xC0) != 0x80) {
      return DEAD;
    }
    int left = (part(state) & 3) - 1;
    int bits = part(state) >> 2 << 6 | symbol & 0x3F;
    if (left == 0) {
      return codePoint(state, bits);
    }
    // Overlong forms: after the second byte of three at least 0x800 must be in reach, of four
    // 0x10000; a third byte of four is beyond 0x800 already.
    return utf8(state, bits, left, left == 2 ? 0x10000 : 0x800);
  }

  private long utf8(long state, int bits, int left, int least) {
    int first = Math.max(least, bits << 6 * left);
    int last = (bits + 1 << 6 * left) - 1;
    return some(state, first, last) ? with(state, UTF8, bits << 2 | left) : DEAD;
  }

  private long escape(long state, int symbol) {
    return switch (symbol) {
      case '"', '\\', '/' -> codePoint(state, symbol);
      case 'b' -> codePoint(state, '\b');
      case 'f' -> codePoint(state, '\f');
      case 'n' -> codePoint(state, '\n');
      case 'r' -> codePoint(state, '\r');
      case 't' -> codePoint(state, '\t');
      case 'u' -> with(state, HEX, 0);
      default -> DEAD;
    };
  }

  private long hex(long state, int symbol) {
    int digit = hexDigit(symbol);
    if (digit < 0) {
      return DEAD;
    }
    int read = (part(state) & 3) + 1;
    int value = part(state) >> 2 << 4 | digit;
    if (read == 4) {
      if (value >= Character.MIN_HIGH_SURROGATE && value <= Character.MAX_HIGH_SURROGATE) {
        int half = value - Character.MIN_HIGH_SURROGATE;
        return pair(state, half, half) ? with(state, LOW_SLASH, half) : DEAD;
      }
      return codePoint(state, value); // the second half of a pair is in no automaton
    }
    int first = value << 4 * (4 - read);
    int last = first + (1 << 4 * (4 - read)) - 1;
    int firstHalf = Math.max(first, Character.MIN_HIGH_SURROGATE);
    int lastHalf = Math.min(last, Character.MAX_HIGH_SURROGATE);
    boolean alive =
        some(state, first, last)
            || firstHalf <= lastHalf
                && pair(
                    state,
                    firstHalf - Character.MIN_HIGH_SURROGATE,
                    lastHalf - Character.MIN_HIGH_SURROGATE);
    return alive ? with(state, HEX, value << 2 | read) : DEAD;
  }

  /** Whether a code point may follow whose first half of a pair is in a range. */
  private boolean pair(long state, int firstHalf, int lastHalf) {
    return some(state, 0x10000 + (firstHalf << 10), 0x10000 + (lastHalf << 10 | 0x3FF));
  }

  private long low(long state, int bits, int phase, int bitsLeft) {
    int first = 0x10000 + (bits << bitsLeft);
    return some(state, first, first + (1 << bitsLeft) - 1) ? with(state, phase, bits) : DEAD;
  }

  private long low(long state, int bits, int phase, int bitsLeft, int symbol) {
    return hexDigit(symbol) < 0 ? DEAD : low(state, bits, phase, bitsLeft);
  }

  private static int hexDigit(int symbol) {
    if (symbol >= '0' && symbol <= '9') {
      return symbol - '0';
    }
    int letter = symbol | 0x20;
    return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
  }

  private long codePoint(long state, int codePoint) {
    int next = chars.step(dfa(state), codePoint);
    if (next == Dfa.DEAD) {
      return DEAD;
    }
    int count = taken == null ? lengths.next(count(state)) : taken.next(count(state), codePoint);
    return alive(next, count) ? pack(BODY, 0, next, count) : DEAD;
  }

  private boolean mayEnd(int count) {
    return taken == null ? lengths.mayEnd(count) : taken.mayEnd(count);
  }

  private boolean alive(int dfa, int count) {
    return taken == null ? lengths.alive(dfa, count) : taken.alive(dfa, count);
  }

  /** Whether some code point of a range may follow. */
  private boolean some(long state, int first, int last) {
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

  private static long pack(int phase, int part, int dfa, int count) {
    return (long) phase << PHASE_SHIFT
        | (long) part << PART_SHIFT
        | (long) dfa << DFA_SHIFT
        | count;
  }

  private static long with(long state, int phase, int part) {
    return pack(phase, part, dfa(state), count(state));
  }

  private static int phase(long state) {
    return (int) (state >> PHASE_SHIFT);
  }

  private static int part(long state) {
    return (int) (state >> PART_SHIFT) & (1 << PART_BITS) - 1;
  }

  private static int dfa(long state) {
    return (int) (state >> DFA_SHIFT) & (1 << DFA_BITS) - 1;
  }

  private static int count(long state) {
    return (int) state & (1 << COUNT_BITS) - 1;
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
