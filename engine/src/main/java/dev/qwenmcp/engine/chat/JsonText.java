package dev.qwenmcp.engine.chat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * JSON in the spelling that chat templates give it: what Python's {@code json.dumps} writes with
 * {@code ensure_ascii=False}, the {@code tojson} of the model's own template engine.
 *
 * <p>That is: {@code ", "} and {@code ": "} between elements, keys in the order of the text (of
 * equal keys the last value in the first one's place), nothing outside ASCII escaped, and
 * floating-point numbers in Python's shortest form. Models saw tools and calls spelled like this
 * and no other way.
 */
final class JsonText {
  /** Deepest nesting that is read: far above real schemas, far below the stack's end. */
  private static final int MAX_DEPTH = 200;

  private final String what;
  private final String text;
  private int at;

  private JsonText(String what, String text) {
    this.what = what;
    this.text = text;
  }

  /** A number, spelled as it is to be written. */
  private record JsonNumber(String text) {}

  /** {@code true}, {@code false} or {@code null}. */
  private record Word(String text) {}

  /**
   * Reads the text strictly and writes it anew.
   *
   * @param what what the text is, for the error's message
   * @throws IllegalArgumentException if the text is not one JSON value (RFC 8259)
   */
  static String normalise(String what, String text) {
    StringBuilder out = new StringBuilder(text.length() + 16);
    write(new JsonText(what, text).document(), out);
    return out.toString();
  }

  /**
   * Reads the text strictly.
   *
   * @return a {@code Map} in the text's order, a {@code List}, a {@code String}, or a value of
   *     another kind, which {@link #write} takes
   * @throws IllegalArgumentException if the text is not one JSON value (RFC 8259)
   */
  static Object parse(String what, String text) {
    return new JsonText(what, text).document();
  }

  // ---- reading

  private Object document() {
    Object value = value(0);
    skipSpace();
    if (at < text.length()) {
      throw error("the end");
    }
    return value;
  }

  private Object value(int depth) {
    if (depth > MAX_DEPTH) {
      throw error("nesting of at most " + MAX_DEPTH + " levels");
    }
    skipSpace();
    char c = at < text.length() ? text.charAt(at) : 0;
    return switch (c) {
      case '{' -> object(depth);
      case '[' -> array(depth);
      case '"' -> string();
      case 't' -> word("true");
      case 'f' -> word("false");
      case 'n' -> word("null");
      default -> number();
    };
  }

  private Map<String, Object> object(int depth) {
    at++;
    Map<String, Object> members = new LinkedHashMap<>();
    if (accept('}')) {
      return members;
    }
    do {
      skipSpace();
      if (at >= text.length() || text.charAt(at) != '"') {
        throw error("a key in quotes");
      }
      String key = string();
      if (!accept(':')) {
        throw error("':'");
      }
      members.put(key, value(depth + 1));
    } while (accept(','));
    if (!accept('}')) {
      throw error("',' or '}'");
    }
    return members;
  }

  private List<Object> array(int depth) {
    at++;
    List<Object> elements = new ArrayList<>();
    if (accept(']')) {
      return elements;
    }
    do {
      elements.add(value(depth + 1));
    } while (accept(','));
    if (!accept(']')) {
      throw error("',' or ']'");
    }
    return elements;
  }

  private String string() {
    at++;
    StringBuilder out = new StringBuilder();
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '"') {
        at++;
        return out.toString();
      }
      if (c < 0x20) {
        throw error("control characters in a string to be escaped");
      }
      at++;
      out.append(c == '\\' ? escape() : c);
    }
    throw error("'\"' at the end of a string");
  }

  private char escape() {
    char c = at < text.length() ? text.charAt(at) : 0;
    int simple = "\"\\/bfnrt".indexOf(c);
    if (simple >= 0) {
      at++;
      return "\"\\/\b\f\n\r\t".charAt(simple);
    }
    if (c != 'u' || text.length() - at < 5) {
      throw error("an escape of JSON after '\\'");
    }
    at++;
    int code = 0;
    for (int end = at + 4; at < end; at++) {
      char hex = text.charAt(at);
      int digit = hex < 128 ? Character.digit(hex, 16) : -1;
      if (digit < 0) {
        throw error("four hexadecimal digits after '\\u'");
      }
      code = code << 4 | digit;
    }
    return (char) code;
  }

  private Word word(String word) {
    if (!text.startsWith(word, at)) {
      throw error("a JSON value");
    }
    at += word.length();
    return new Word(word);
  }

  private JsonNumber number() {
    int from = at;
    if (peek() == '-') {
      at++;
    }
    if (peek() == '0') {
      at++;
    } else if (digits() == 0) {
      at = from;
      throw error("a JSON value");
    }
    boolean integer = true;
    if (peek() == '.') {
      at++;
      integer = false;
      if (digits() == 0) {
        throw error("a digit after '.'");
      }
    }
    if (peek() == 'e' || peek() == 'E') {
      at++;
      integer = false;
      if (peek() == '+' || peek() == '-') {
        at++;
      }
      if (digits() == 0) {
        throw error("a digit in the exponent");
      }
    }
    String number = text.substring(from, at);
    if (integer) {
      return new JsonNumber(number.equals("-0") ? "0" : number);
    }
    return new JsonNumber(pythonFloat(number));
  }

  private int digits() {
    int from = at;
    while (peek() >= '0' && peek() <= '9') {
      at++;
    }
    return at - from;
  }

  private char peek() {
    return at < text.length() ? text.charAt(at) : 0;
  }

  private boolean accept(char c) {
    skipSpace();
    if (peek() != c) {
      return false;
    }
    at++;
    return true;
  }

  private void skipSpace() {
    while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  private IllegalArgumentException error(String expected) {
    String found =
        at >= text.length()
            ? "the end"
            : '"' + text.substring(at, Math.min(at + 20, text.length())) + '"';
    return new IllegalArgumentException(
        what + " is not JSON: expected " + expected + " at character " + at + ", found " + found);
  }

  // ---- writing

  /** Appends a value that {@link #parse} has read. */
  static void write(Object value, StringBuilder out) {
    switch (value) {
      case Map<?, ?> members -> {
        String separator = "{";
        for (Map.Entry<?, ?> member : members.entrySet()) {
          out.append(separator);
          writeString((String) member.getKey(), out);
          out.append(": ");
          write(member.getValue(), out);
          separator = ", ";
        }
        out.append(members.isEmpty() ? "{}" : "}");
      }
      case List<?> elements -> {
        String separator = "[";
        for (Object element : elements) {
          out.append(separator);
          write(element, out);
          separator = ", ";
        }
        out.append(elements.isEmpty() ? "[]" : "]");
      }
      case String string -> writeString(string, out);
      case JsonNumber(String number) -> out.append(number);
      case Word(String word) -> out.append(word);
      default -> throw new IllegalArgumentException("not read from JSON: " + value.getClass());
    }
  }

  private static void writeString(String string, StringBuilder out) {
    out.append('"');
    for (int i = 0; i < string.length(); i++) {
      char c = string.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        case '\f' -> out.append("\\f");
        case '\b' -> out.append("\\b");
        default -> {
          if (c < 0x20) {
            out.append("\\u00")
                .append(c < 0x10 ? "0" : "1")
                .append("0123456789abcdef".charAt(c & 15));
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }

  /**
   * A number with a fraction or exponent as Python's {@code repr(float)} has it: the shortest
   * digits that give the same double, with an exponent below 1e-4 and from 1e16 on. A number beyond
   * the doubles stays as it is.
   */
  private static String pythonFloat(String number) {
    double value = Double.parseDouble(number);
    if (Double.isInfinite(value)) {
      return number;
    }
    if (value == 0) {
      return number.charAt(0) == '-' ? "-0.0" : "0.0";
    }
    BigDecimal shortest = shortest(value);
    String sign = shortest.signum() < 0 ? "-" : "";
    BigInteger unscaled = shortest.unscaledValue().abs();
    String digits = unscaled.toString();
    int exponent = digits.length() - 1 - shortest.scale(); // of the first digit
    if (exponent < -4 || exponent >= 16) {
      String fraction = digits.length() > 1 ? "." + digits.substring(1) : "";
      String power = (exponent < 0 ? "-" : "+") + (Math.abs(exponent) < 10 ? "0" : "");
      return sign + digits.charAt(0) + fraction + "e" + power + Math.abs(exponent);
    }
    String plain = shortest.abs().toPlainString();
    return sign + plain + (plain.indexOf('.') < 0 ? ".0" : "");
  }

  /** {@code Double.toString} is shortest but for its two digits at least, as in 4.9E-324. */
  private static BigDecimal shortest(double value) {
    BigDecimal decimal = new BigDecimal(Double.toString(value)).stripTrailingZeros();
    if (decimal.precision() == 2) {
      for (RoundingMode mode : new RoundingMode[] {RoundingMode.HALF_EVEN, RoundingMode.UP}) {
        BigDecimal one = decimal.round(new java.math.MathContext(1, mode)).stripTrailingZeros();
        if (one.doubleValue() == value) {
          return one;
        }
      }
    }
    return decimal;
  }
}
