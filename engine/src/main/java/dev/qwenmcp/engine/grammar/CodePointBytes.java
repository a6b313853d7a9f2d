package dev.qwenmcp.engine.grammar;

import static dev.qwenmcp.engine.grammar.Terminal.DEAD;
import static dev.qwenmcp.engine.grammar.TextState.BODY;
import static dev.qwenmcp.engine.grammar.TextState.OPEN_QUOTE;
import static dev.qwenmcp.engine.grammar.TextState.part;
import static dev.qwenmcp.engine.grammar.TextState.phase;
import static dev.qwenmcp.engine.grammar.TextState.with;

/**
 * How the code points of a {@link TextTerminal} are written, byte by byte.
 *
 * <p>In a JSON string every code point may be written raw, with its short escape, or as {@code \\u}
 * with upper or lower case digits; surrogates only as a pair. Half-written code points are states
 * as well: they exist only where some code point that they begin may follow.
 */
final class CodePointBytes {
  /** Continuation bytes; part: the bits so far, above how many bytes are still to come (2 bits). */
  private static final int UTF8 = 3;

  private static final int ESCAPE = 4;

  /** Hexadecimal digits after {@code \\u}; part: the digits so far, above their number (2 bits). */
  private static final int HEX = 5;

  // The second half of a surrogate pair; part: the first half's ten bits, and in LOW_3 and LOW_4
  // the two or six bits known of the second half below them.
  private static final int LOW_SLASH = 6;
  private static final int LOW_U = 7;
  private static final int LOW_1 = 8; // 'D'
  private static final int LOW_2 = 9; // 'C' to 'F'
  private static final int LOW_3 = 10;
  private static final int LOW_4 = 11;

  private CodePointBytes() {}

  /** The state behind one more byte of a text, or {@link Terminal#DEAD}. */
  static long step(TextTerminal text, long state, int symbol) {
    int part = part(state);
    return switch (phase(state)) {
      case OPEN_QUOTE -> symbol == '"' ? with(state, BODY, 0) : DEAD;
      case BODY -> body(text, state, symbol);
      case UTF8 -> continuation(text, state, symbol);
      case ESCAPE -> escape(text, state, symbol);
      case HEX -> hex(text, state, symbol);
      case LOW_SLASH -> symbol == '\\' ? with(state, LOW_U, part) : DEAD;
      case LOW_U -> symbol == 'u' ? with(state, LOW_1, part) : DEAD;
      case LOW_1 -> symbol == 'D' || symbol == 'd' ? with(state, LOW_2, part) : DEAD;
      case LOW_2 -> {
        int digit = hexDigit(symbol);
        yield digit >= 12 ? low(text, state, part << 2 | digit - 12, LOW_3, 8) : DEAD;
      }
      case LOW_3 -> low(text, state, part << 4 | hexDigit(symbol), LOW_4, 4, symbol);
      case LOW_4 -> {
        int digit = hexDigit(symbol);
        yield digit < 0 ? DEAD : text.codePoint(state, 0x10000 + (part << 4 | digit));
      }
      default -> DEAD;
    };
  }

  private static long body(TextTerminal text, long state, int symbol) {
    if (symbol < 0x80) {
      if (text.encoding() == TextTerminal.Encoding.JSON) {
        if (symbol == '"') {
          return text.end(state);
        }
        if (symbol == '\\') {
          // Any code point can be written as an escape.
          return text.some(state, 0, Character.MAX_CODE_POINT) ? with(state, ESCAPE, 0) : DEAD;
        }
        if (symbol < 0x20) {
          return DEAD;
        }
      }
      return text.codePoint(state, symbol);
    }
    // The ranges of RFC 3629: C0, C1 and F5 on begin nothing.
    if (symbol >= 0xC2 && symbol <= 0xDF) {
      return utf8(text, state, symbol & 0x1F, 1, 0);
    }
    if (symbol >= 0xE0 && symbol <= 0xEF) {
      return utf8(text, state, symbol & 0x0F, 2, 0x800);
    }
    if (symbol >= 0xF0 && symbol <= 0xF4) {
      return utf8(text, state, symbol & 0x07, 3, 0x10000);
    }
    return DEAD;
  }

  private static long continuation(TextTerminal text, long state, int symbol) {
    if ((symbol & 0xC0) != 0x80) {
      return DEAD;
    }
    int left = (part(state) & 3) - 1;
    int bits = part(state) >> 2 << 6 | symbol & 0x3F;
    if (left == 0) {
      return text.codePoint(state, bits);
    }
    // Overlong forms: after the second byte of three at least 0x800 must be in reach, of four
    // 0x10000; a third byte of four is beyond 0x800 already.
    return utf8(text, state, bits, left, left == 2 ? 0x10000 : 0x800);
  }

  private static long utf8(TextTerminal text, long state, int bits, int left, int least) {
    int first = Math.max(least, bits << 6 * left);
    int last = (bits + 1 << 6 * left) - 1;
    return text.some(state, first, last) ? with(state, UTF8, bits << 2 | left) : DEAD;
  }

  private static long escape(TextTerminal text, long state, int symbol) {
    return switch (symbol) {
      case '"', '\\', '/' -> text.codePoint(state, symbol);
      case 'b' -> text.codePoint(state, '\b');
      case 'f' -> text.codePoint(state, '\f');
      case 'n' -> text.codePoint(state, '\n');
      case 'r' -> text.codePoint(state, '\r');
      case 't' -> text.codePoint(state, '\t');
      case 'u' -> with(state, HEX, 0);
      default -> DEAD;
    };
  }

  private static long hex(TextTerminal text, long state, int symbol) {
    int digit = hexDigit(symbol);
    if (digit < 0) {
      return DEAD;
    }
    int read = (part(state) & 3) + 1;
    int value = part(state) >> 2 << 4 | digit;
    if (read == 4) {
      if (value >= Character.MIN_HIGH_SURROGATE && value <= Character.MAX_HIGH_SURROGATE) {
        int half = value - Character.MIN_HIGH_SURROGATE;
        return pair(text, state, half, half) ? with(state, LOW_SLASH, half) : DEAD;
      }
      return text.codePoint(state, value); // the second half of a pair is in no automaton
    }
    int first = value << 4 * (4 - read);
    int last = first + (1 << 4 * (4 - read)) - 1;
    int firstHalf = Math.max(first, Character.MIN_HIGH_SURROGATE);
    int lastHalf = Math.min(last, Character.MAX_HIGH_SURROGATE);
    boolean alive =
        text.some(state, first, last)
            || firstHalf <= lastHalf
                && pair(
                    text,
                    state,
                    firstHalf - Character.MIN_HIGH_SURROGATE,
                    lastHalf - Character.MIN_HIGH_SURROGATE);
    return alive ? with(state, HEX, value << 2 | read) : DEAD;
  }

  /** Whether a code point may follow whose first half of a pair is in a range. */
  private static boolean pair(TextTerminal text, long state, int firstHalf, int lastHalf) {
    return text.some(state, 0x10000 + (firstHalf << 10), 0x10000 + (lastHalf << 10 | 0x3FF));
  }

  private static long low(TextTerminal text, long state, int bits, int phase, int bitsLeft) {
    int first = 0x10000 + (bits << bitsLeft);
    return text.some(state, first, first + (1 << bitsLeft) - 1) ? with(state, phase, bits) : DEAD;
  }

  private static long low(
      TextTerminal text, long state, int bits, int phase, int bitsLeft, int symbol) {
    return hexDigit(symbol) < 0 ? DEAD : low(text, state, bits, phase, bitsLeft);
  }

  private static int hexDigit(int symbol) {
    if (symbol >= '0' && symbol <= '9') {
      return symbol - '0';
    }
    int letter = symbol | 0x20;
    return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
  }
}
