package dev.qwenmcp.engine.json;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads one JSON text (RFC 8259) strictly: no comments, no trailing commas, no duplicate names,
 * nothing after the value.
 */
public final class JsonReader {

  /** Deepest nesting that is read; real schemas stay below 50. */
  public static final int MAX_DEPTH = 256;

  /** Longest number and largest exponent: what BigDecimal handles at once. */
  private static final int MAX_NUMBER_LENGTH = 1000;

  private static final int MAX_EXPONENT = 100_000;

  private final String text;
  private int at;

  private JsonReader(String text) {
    this.text = text;
  }

  /**
   * Reads a JSON text.
   *
   * @throws JsonException where it is not JSON, nested deeper than {@link #MAX_DEPTH}, or a number
   *     is longer than 1,000 characters or has an exponent beyond 100,000
   */
  public static JsonValue read(String text) {
    JsonReader reader = new JsonReader(text);
    reader.space();
    JsonValue value = reader.value(0);
    reader.space();
    if (reader.at < text.length()) {
      throw reader.error("text after the value");
    }
    return value;
  }

  private JsonValue value(int depth) {
    if (depth > MAX_DEPTH) {
      throw error("nested deeper than " + MAX_DEPTH);
    }
    return switch (peek()) {
      case '{' -> object(depth);
      case '[' -> array(depth);
      case '"' -> new JsonValue.Text(string());
      case 't' -> word("true", JsonValue.TRUE);
      case 'f' -> word("false", JsonValue.FALSE);
      case 'n' -> word("null", JsonValue.NULL);
      default -> number();
    };
  }

  private JsonValue object(int depth) {
    at++;
    Map<String, JsonValue> members = new LinkedHashMap<>();
    space();
    if (peek() == '}') {
      at++;
      return new JsonValue.Obj(members);
    }
    while (true) {
      if (peek() != '"') {
        throw error("a member name in quotes must stand here");
      }
      int nameAt = at;
      String name = string();
      space();
      expect(':');
      space();
      JsonValue value = value(depth + 1);
      if (members.putIfAbsent(name, value) != null) {
        at = nameAt;
        throw error("the name " + JsonWriter.quote(name) + " stands twice in one object");
      }
      space();
      if (peek() == '}') {
        at++;
        return new JsonValue.Obj(members);
      }
      expect(',');
      space();
    }
  }

  private JsonValue array(int depth) {
    at++;
    List<JsonValue> values = new ArrayList<>();
    space();
    if (peek() == ']') {
      at++;
      return new JsonValue.Array(values);
    }
    while (true) {
      values.add(value(depth + 1));
      space();
      if (peek() == ']') {
        at++;
        return new JsonValue.Array(values);
      }
      expect(',');
      space();
    }
  }

  private String string() {
    at++;
    StringBuilder out = new StringBuilder();
    while (true) {
      char c = peek();
      if (c < ' ') {
        throw error("a control character must be escaped in a string");
      }
      at++;
      if (c == '"') {
        return out.toString();
      }
      out.append(c == '\\' ? escape() : c);
    }
  }

  private char escape() {
    char c = peek();
    at++;
    return switch (c) {
      case '"', '\\', '/' -> c;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> {
        int code = 0;
        for (int i = 0; i < 4; i++, at++) {
          char h = peek();
          int digit = h < 128 ? Character.digit(h, 16) : -1;
          if (digit < 0) {
            throw error("four hexadecimal digits must follow \\u");
          }
          code = code << 4 | digit;
        }
        yield (char) code;
      }
      default -> {
        at--;
        throw error("unknown escape \\" + c);
      }
    };
  }

  private JsonValue number() {
    int start = at;
    skip('-');
    if (!skip('0')) {
      digits("a value must stand here");
    }
    if (skip('.')) {
      digits("digits must follow the decimal point");
    }
    int exponentAt = -1;
    if (skip('e') || skip('E')) {
      exponentAt = at;
      if (!skip('-')) {
        skip('+');
      }
      digits("digits must follow the exponent's e");
    }
    String number = text.substring(start, at);
    int exponentLength = exponentAt < 0 ? 0 : at - exponentAt;
    if (number.length() > MAX_NUMBER_LENGTH
        || exponentLength > 8
        || exponentLength > 0
            && Math.abs(Integer.parseInt(text.substring(exponentAt, at))) > MAX_EXPONENT) {
      at = start;
      throw error(
          "a number has more than "
              + MAX_NUMBER_LENGTH
              + " characters or an exponent beyond "
              + MAX_EXPONENT);
    }
    return new JsonValue.Number(number, new BigDecimal(number));
  }

  private void digits(String expected) {
    int start = at;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
    if (at == start) {
      throw error(expected);
    }
  }

  private JsonValue word(String word, JsonValue value) {
    if (!text.startsWith(word, at)) {
      throw error("a value must stand here");
    }
    at += word.length();
    return value;
  }

  private void expect(char c) {
    if (peek() != c) {
      throw error("'" + c + "' must stand here");
    }
    at++;
  }

  private boolean skip(char c) {
    boolean there = at < text.length() && text.charAt(at) == c;
    at += there ? 1 : 0;
    return there;
  }

  private char peek() {
    if (at == text.length()) {
      throw error("the text ends early");
    }
    return text.charAt(at);
  }

  private void space() {
    while (at < text.length() && " \n\r\t".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  private JsonException error(String problem) {
    return new JsonException(at, problem);
  }
}
