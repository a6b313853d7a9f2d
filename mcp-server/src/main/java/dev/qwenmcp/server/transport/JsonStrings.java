package dev.qwenmcp.server.transport;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** What stands between the quotation marks of a JSON string (RFC 8259, section 7), and its text. */
final class JsonStrings {
  private static final int REPLACEMENT = 0xFFFD;

  /** A backslash, {@code u} and four digits. */
  static final int UNICODE_ESCAPE = 6;

  /** An escape of two characters has its letter here, at the character that it stands for. */
  private static final byte[] LETTERS = new byte[0x60];

  /** Values of hexadecimal digits, -1 at all other bytes. */
  private static final byte[] DIGITS = new byte[0x100];

  static {
    LETTERS['"'] = '"';
    LETTERS['\\'] = '\\';
    LETTERS['\b'] = 'b';
    LETTERS['\f'] = 'f';
    LETTERS['\n'] = 'n';
    LETTERS['\r'] = 'r';
    LETTERS['\t'] = 't';
    for (int i = 0; i < DIGITS.length; i++) {
      DIGITS[i] = (byte) Character.digit((char) i, 16);
    }
  }

  private JsonStrings() {}

  /**
   * Writes what a byte that ends {@link EightBytes#endOfPlain} is escaped by.
   *
   * @param out has room for {@link #UNICODE_ESCAPE} bytes at {@code from}
   * @return where the next byte goes
   */
  static int escape(byte b, byte[] out, int from) {
    out[from] = '\\';
    if (LETTERS[b] != 0) {
      out[from + 1] = LETTERS[b];
      return from + 2;
    }
    out[from + 1] = 'u';
    out[from + 2] = '0';
    out[from + 3] = '0';
    out[from + 4] = (byte) Character.forDigit(b >> 4, 16);
    out[from + 5] = (byte) Character.forDigit(b & 15, 16);
    return from + UNICODE_ESCAPE;
  }

  /**
   * The text that a JSON string's content stands for.
   *
   * @param from where it begins, behind the quotation mark
   * @param to where the closing quotation mark is, the first that is not escaped
   * @param ascii whether all of its bytes are ASCII
   * @throws CharacterCodingException if it is not UTF-8, an escape is none, or one is half a
   *     surrogate pair among other characters beyond ASCII
   */
  static String text(byte[] bytes, int from, int to, boolean ascii)
      throws CharacterCodingException {
    int end = EightBytes.endOfPlain(bytes, from, to);
    if (end == to) {
      return decoded(bytes, from, to, ascii);
    }
    byte[] utf8 = new byte[to - from]; // every escape is longer than what it stands for
    int filled = 0;
    int at = from;
    while (true) {
      System.arraycopy(bytes, at, utf8, filled, end - at);
      filled += end - at;
      if (end == to) {
        return decoded(utf8, 0, filled, ascii);
      }
      if (to - end < 2) {
        throw new MalformedInputException(to - end);
      }
      if (bytes[end + 1] != 'u') {
        utf8[filled++] = (byte) unescaped(bytes[end + 1]);
        at = end + 2;
      } else if (ascii) {
        return beyondAscii(new Utf8(bytes, end, to, true), new Utf8(utf8, 0, filled, true));
      } else {
        int point = point(bytes, end, to);
        filled = encode(point, utf8, filled);
        at = end + (point < Character.MIN_SUPPLEMENTARY_CODE_POINT ? 1 : 2) * UNICODE_ESCAPE;
      }
      end = EightBytes.endOfPlain(bytes, at, to);
    }
  }

  /**
   * Reads on where an ASCII content has its first escape of a UTF-16 unit: clients that write ASCII
   * alone write one such escape after the other for Chinese.
   *
   * @param rest content not read yet
   * @param text of what was
   */
  private static String beyondAscii(Utf8 rest, Utf8 text) throws MalformedInputException {
    byte[] bytes = rest.bytes();
    int to = rest.to();
    char[] units = new char[text.length() + rest.length() / 4];
    int filled = inflate(text.bytes(), 0, text.length(), units, 0);
    int at = rest.from();
    while (at < to) {
      int end = bytes[at] == '\\' ? at : EightBytes.endOfPlain(bytes, at, to);
      if (filled + end - at >= units.length) {
        units = Arrays.copyOf(units, filled + end - at + (to - at) / 2 + 1);
      }
      filled = inflate(bytes, at, end, units, filled);
      at = end;
      if (at + 1 < to && bytes[at + 1] == 'u') {
        units[filled++] = unit(bytes, at, to);
        at += UNICODE_ESCAPE;
      } else if (at + 1 < to) {
        units[filled++] = unescaped(bytes[at + 1]);
        at += 2;
      } else if (at < to) {
        throw new MalformedInputException(1);
      }
    }
    return new String(units, 0, filled);
  }

  private static int inflate(byte[] ascii, int from, int to, char[] units, int filled) {
    for (int i = from; i < to; i++) {
      units[filled + i - from] = (char) ascii[i];
    }
    return filled + to - from;
  }

  private static char unescaped(byte letter) throws MalformedInputException {
    return switch (letter) {
      case '"', '\\', '/' -> (char) letter;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      default -> throw new MalformedInputException(2);
    };
  }

  /** The code point of one escape or, for a surrogate pair, two. */
  private static int point(byte[] bytes, int at, int to) throws MalformedInputException {
    char first = unit(bytes, at, to);
    if (!Character.isSurrogate(first)) {
      return first;
    }
    int next = at + UNICODE_ESCAPE;
    if (next + 1 < to && bytes[next] == '\\' && bytes[next + 1] == 'u') {
      char second = unit(bytes, next, to);
      if (Character.isSurrogatePair(first, second)) {
        return Character.toCodePoint(first, second);
      }
    }
    throw new MalformedInputException(UNICODE_ESCAPE);
  }

  private static char unit(byte[] bytes, int at, int to) throws MalformedInputException {
    if (to - at < UNICODE_ESCAPE) {
      throw new MalformedInputException(to - at);
    }
    int unit =
        digit(bytes[at + 2]) << 12
            | digit(bytes[at + 3]) << 8
            | digit(bytes[at + 4]) << 4
            | digit(bytes[at + 5]);
    if (unit < 0) {
      throw new MalformedInputException(UNICODE_ESCAPE);
    }
    return (char) unit;
  }

  private static int digit(byte b) {
    return DIGITS[b & 0xFF];
  }

  private static int encode(int point, byte[] out, int from) {
    int at = from;
    if (point < 0x80) {
      out[at++] = (byte) point;
    } else if (point < 0x800) {
      out[at++] = (byte) (0xC0 | point >> 6);
      out[at++] = (byte) (0x80 | point & 0x3F);
    } else if (point < Character.MIN_SUPPLEMENTARY_CODE_POINT) {
      out[at++] = (byte) (0xE0 | point >> 12);
      out[at++] = (byte) (0x80 | point >> 6 & 0x3F);
      out[at++] = (byte) (0x80 | point & 0x3F);
    } else {
      out[at++] = (byte) (0xF0 | point >> 18);
      out[at++] = (byte) (0x80 | point >> 12 & 0x3F);
      out[at++] = (byte) (0x80 | point >> 6 & 0x3F);
      out[at++] = (byte) (0x80 | point & 0x3F);
    }
    return at;
  }

  /**
   * Decodes UTF-8, at the speed of {@code new String} where it has no errors.
   *
   * @param ascii whether it is known to be ASCII
   * @throws CharacterCodingException if it has errors, which {@code new String} would replace
   */
  static String decoded(byte[] bytes, int from, int to, boolean ascii)
      throws CharacterCodingException {
    if (ascii) {
      // Latin-1 is copied as it is; of UTF-8 each byte is looked at first.
      return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
    }
    String text = new String(bytes, from, to - from, StandardCharsets.UTF_8);
    if (text.indexOf(REPLACEMENT) >= 0) {
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT)
          .decode(ByteBuffer.wrap(bytes, from, to - from));
    }
    return text;
  }
}
