package dev.qwenmcp.engine.grammar;

import dev.qwenmcp.engine.json.JsonReader;
import dev.qwenmcp.engine.json.JsonValue;
import java.nio.charset.StandardCharsets;

/**
 * The bytes of a member's name as far as it has been read, from its opening quote on. Immutable,
 * with equality by content; shares what comes before with other names.
 */
final class Spelling {
  private final Spelling before; // null before the first byte
  private final int length;
  private final byte symbol;
  private final int hash;

  private Spelling(Spelling before, int symbol) {
    this.before = before;
    this.length = before == null ? 1 : before.length + 1;
    this.symbol = (byte) symbol;
    this.hash = 31 * (before == null ? 7 : before.hash) + symbol;
  }

  /** With one more byte, 0 to 255; {@code before} is null at the beginning. */
  static Spelling of(Spelling before, int symbol) {
    return new Spelling(before, symbol);
  }

  /** Begins what stands for a number, so that it is told from a string; no text has it. */
  private static final char NUMBER = '\uDFFE';

  /** Whether a name is that of a number. */
  static boolean isNumber(String name) {
    return !name.isEmpty() && name.charAt(0) == NUMBER;
  }

  /** The text of a number. */
  static String number(String name) {
    return name.substring(1);
  }

  /** The name, or what stands for the number; to be asked after its last byte. */
  String name() {
    byte[] bytes = new byte[length];
    Spelling at = this;
    for (int i = length - 1; i >= 0; i--) {
      bytes[i] = at.symbol;
      at = at.before;
    }
    String text = new String(bytes, StandardCharsets.UTF_8);
    return JsonReader.read(text) instanceof JsonValue.Text(var name) ? name : NUMBER + text;
  }

  @Override
  public boolean equals(Object other) {
    if (!(other instanceof Spelling spelling)
        || hash != spelling.hash
        || length != spelling.length) {
      return false;
    }
    Spelling a = this;
    Spelling b = spelling;
    while (a != b) {
      if (a.symbol != b.symbol) {
        return false;
      }
      a = a.before;
      b = b.before;
    }
    return true;
  }

  @Override
  public int hashCode() {
    return hash;
  }
}
