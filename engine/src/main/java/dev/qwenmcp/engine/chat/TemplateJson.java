package dev.qwenmcp.engine.chat;

import dev.qwenmcp.engine.json.JsonException;
import dev.qwenmcp.engine.json.JsonReader;
import dev.qwenmcp.engine.json.JsonValue;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Map;

/**
 * JSON in the spelling that chat templates give it: what Python's {@code json.dumps} writes with
 * {@code ensure_ascii=False}, the {@code tojson} of the model's own template engine.
 *
 * <p>That is: {@code ", "} and {@code ": "} between elements, members in the order of the text,
 * nothing but quotes, backslashes and controls escaped, and numbers with a fraction or an exponent
 * in Python's shortest form. Models saw tools and calls spelled like this and no other way.
 */
final class TemplateJson {
  private TemplateJson() {}

  /**
   * Reads the text and writes it anew.
   *
   * @param what what the text is, for the error's message
   * @throws IllegalArgumentException if the text is no JSON
   */
  static String respell(String what, String text) {
    try {
      return write(JsonReader.read(text));
    } catch (JsonException e) {
      throw new IllegalArgumentException(what + ": " + e.getMessage(), e);
    }
  }

  static String write(JsonValue value) {
    StringBuilder out = new StringBuilder();
    write(value, out);
    return out.toString();
  }

  private static void write(JsonValue value, StringBuilder out) {
    switch (value) {
      case JsonValue.Obj(Map<String, JsonValue> members) -> {
        String separator = "{";
        for (Map.Entry<String, JsonValue> member : members.entrySet()) {
          out.append(separator);
          quote(member.getKey(), out);
          out.append(": ");
          write(member.getValue(), out);
          separator = ", ";
        }
        out.append(members.isEmpty() ? "{}" : "}");
      }
      case JsonValue.Array array -> {
        String separator = "[";
        for (JsonValue element : array.values()) {
          out.append(separator);
          write(element, out);
          separator = ", ";
        }
        out.append(array.values().isEmpty() ? "[]" : "]");
      }
      case JsonValue.Text(String text) -> quote(text, out);
      case JsonValue.Number(String text, BigDecimal exact) -> out.append(number(text, exact));
      case JsonValue.Bool bool -> out.append(bool);
      case JsonValue.Null none -> out.append(none);
    }
  }

  private static void quote(String text, StringBuilder out) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        case '\f' -> out.append("\\f");
        case '\b' -> out.append("\\b");
        default -> {
          if (c < ' ') {
            out.append("\\u00").append(c < 16 ? '0' : '1').append(Character.forDigit(c & 15, 16));
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }

  private static String number(String text, BigDecimal exact) {
    if (text.chars().allMatch(c -> c == '-' || (c >= '0' && c <= '9'))) {
      return exact.signum() == 0 ? "0" : text; // Python's integers are exact and have no -0
    }
    double value = exact.doubleValue();
    if (Double.isInfinite(value)) {
      return text; // beyond Python's floats too, which would spell Infinity and so break the JSON
    }
    if (value == 0) {
      return text.startsWith("-") ? "-0.0" : "0.0";
    }
    return pythonFloat(value);
  }

  /**
   * Python's {@code repr} of a float: the shortest digits that give the same double, with an
   * exponent of at least two digits below 1e-4 and from 1e16 on.
   */
  private static String pythonFloat(double value) {
    BigDecimal shortest = shortest(Math.abs(value));
    String sign = value < 0 ? "-" : "";
    String digits = shortest.unscaledValue().toString();
    int exponent = digits.length() - 1 - shortest.scale(); // of the first digit
    if (exponent >= -4 && exponent < 16) {
      return sign + shortest.toPlainString() + (shortest.scale() <= 0 ? ".0" : "");
    }
    String fraction = digits.length() > 1 ? "." + digits.substring(1) : "";
    String power = (Math.abs(exponent) < 10 ? "0" : "") + Math.abs(exponent);
    return sign + digits.charAt(0) + fraction + "e" + (exponent < 0 ? "-" : "+") + power;
  }

  /** The shortest decimal; {@code Double.toString} has two digits at least, as in 4.9E-324. */
  private static BigDecimal shortest(double value) {
    BigDecimal decimal = new BigDecimal(Double.toString(value)).stripTrailingZeros();
    BigDecimal oneDigit = decimal.round(new MathContext(1, RoundingMode.HALF_EVEN));
    return oneDigit.doubleValue() == value ? oneDigit.stripTrailingZeros() : decimal;
  }
}
