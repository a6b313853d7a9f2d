package dev.qwenmcp.server.transport;

import java.nio.charset.StandardCharsets;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.util.JsonGeneratorDelegate;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes long strings of few characters beyond ASCII past Jackson, which looks at one character
 * after the other.
 */
final class LongStringGenerator extends JsonGeneratorDelegate {
  /** So many characters of a text show whether it is ASCII, more or less. */
  private static final int SAMPLES = 64;

  private final MessageBuffer out;

  private LongStringGenerator(JsonGenerator jackson, MessageBuffer out) {
    super(jackson, false); // trees are written by this, not by what it stands before
    this.out = out;
  }

  static JsonGenerator to(MessageBuffer out, JsonMapper mapper) {
    return new LongStringGenerator(mapper.createGenerator(out), out);
  }

  @Override
  public JsonGenerator writeString(String text) {
    if (text == null || text.length() < LongStrings.LEAST_BYTES || !seemsAscii(text)) {
      delegate.writeString(text);
      return this;
    }
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    if (isWhole(text, utf8)) {
      delegate.writeRawValue("\"");
      delegate.flush();
      out.writeEscaped(utf8);
      delegate.writeRaw('"');
    } else {
      delegate.writeString(text);
    }
    return this;
  }

  /** Whether a text has no half of a surrogate pair, which would be a question mark in UTF-8. */
  private static boolean isWhole(String text, byte[] utf8) {
    return EightBytes.indexOf('?', utf8, 0, utf8.length) == utf8.length
        || new String(utf8, StandardCharsets.UTF_8).equals(text);
  }

  /** Of other texts the bytes have to be made one by one in any case. */
  private static boolean seemsAscii(String text) {
    int step = text.length() / SAMPLES;
    for (int i = 0; i < text.length(); i += step) {
      if (text.charAt(i) >= 0x80) {
        return false;
      }
    }
    return true;
  }
}
