package dev.qwenmcp.server.transport;

import java.io.ByteArrayOutputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/**
 * Keeps long strings out of Jackson's way, which copies each character three times on its way from
 * bytes to a String: of a call with a document of 1 MiB that was a seventh of its time, and 4 MiB
 * of garbage.
 *
 * <p>A message's long values without escapes are replaced by short ones before it is parsed, and
 * put back into the tree. The short ones begin with 128 random bits, so no message has them.
 */
final class LongStrings {
  /** A value shorter than this, in bytes, is Jackson's to read. */
  static final int LEAST_BYTES = 16 << 10;

  private static final long ONES = 0x0101010101010101L;
  private static final long HIGHS = 0x80 * ONES;
  private static final int BLANK = 0x20;
  private static final VarHandle EIGHT_BYTES =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

  private final String mark;

  LongStrings(SecureRandom random) {
    byte[] bits = new byte[16];
    random.nextBytes(bits);
    this.mark = HexFormat.of().formatHex(bits);
  }

  /** Content of a string in a message: from its first byte to behind its last. */
  private record Place(int from, int to) {}

  /** A message whose long strings are elsewhere. */
  final class Shortened {
    private final Utf8 message;
    private final List<Place> places;
    private final Charset charset;

    private Shortened(Utf8 message, List<Place> places) {
      this.message = message;
      this.places = places;
      // Latin-1 is copied as it is; of UTF-8 each byte is looked at first.
      this.charset = message.plain() ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8;
    }

    /** The message with short values in the places of long ones. */
    byte[] json() {
      ByteArrayOutputStream out = new ByteArrayOutputStream(LEAST_BYTES);
      byte[] bytes = message.bytes();
      int written = message.from();
      for (int i = 0; i < places.size(); i++) {
        out.write(bytes, written, places.get(i).from() - written);
        out.writeBytes((mark + i).getBytes(StandardCharsets.US_ASCII));
        written = places.get(i).to();
      }
      out.write(bytes, written, message.to() - written);
      return out.toByteArray();
    }

    /** Puts the long values back. */
    JsonNode restored(JsonNode node) {
      switch (node) {
        case ObjectNode object ->
            object.properties().forEach(member -> member.setValue(restored(member.getValue())));
        case ArrayNode array -> {
          for (int i = 0; i < array.size(); i++) {
            array.set(i, restored(array.get(i)));
          }
        }
        case StringNode string when string.stringValue().startsWith(mark) -> {
          Place place = places.get(Integer.parseInt(string.stringValue().substring(mark.length())));
          return StringNode.valueOf(
              new String(message.bytes(), place.from(), place.to() - place.from(), charset));
        }
        default -> {}
      }
      return node;
    }
  }

  /**
   * Finds long strings.
   *
   * @param message UTF-8 without errors, not necessarily JSON
   * @return null if it has none, or is seen not to be JSON
   */
  Shortened shorten(Utf8 message) {
    if (message.length() < LEAST_BYTES) {
      return null;
    }
    byte[] bytes = message.bytes();
    List<Place> places = new ArrayList<>();
    int at = quote(message, message.from());
    while (at < message.to()) {
      int from = at + 1;
      int end = from;
      boolean plain = true;
      while (true) {
        end = endOfPlain(message, end);
        if (end >= message.to() || bytes[end] >= 0 && bytes[end] < BLANK) {
          return null;
        }
        if (bytes[end] == '"') {
          break;
        }
        plain = false;
        end += 2; // a backslash and what it escapes
      }
      if (plain && end - from >= LEAST_BYTES && !isKey(message, end + 1)) {
        places.add(new Place(from, end));
      }
      at = quote(message, end + 1);
    }
    return places.isEmpty() ? null : new Shortened(message, places);
  }

  private static boolean isKey(Utf8 message, int from) {
    int at = from;
    while (at < message.to() && Character.isWhitespace(message.bytes()[at])) {
      at++;
    }
    return at < message.to() && message.bytes()[at] == ':';
  }

  /** Where the next quotation mark is; the message's length if there is none. */
  private static int quote(Utf8 message, int from) {
    int at = from;
    while (at + Long.BYTES <= message.to()
        && (zeros((long) EIGHT_BYTES.get(message.bytes(), at) ^ '"' * ONES)) == 0) {
      at += Long.BYTES;
    }
    while (at < message.to() && message.bytes()[at] != '"') {
      at++;
    }
    return at;
  }

  /** Where a string ends, or has an escape, or a byte that strings may not have. */
  private static int endOfPlain(Utf8 message, int from) {
    int at = from;
    while (at + Long.BYTES <= message.to()
        && arePlain((long) EIGHT_BYTES.get(message.bytes(), at))) {
      at += Long.BYTES;
    }
    while (at < message.to() && isPlain(message.bytes()[at])) {
      at++;
    }
    return at;
  }

  private static boolean isPlain(byte b) {
    return b != '"' && b != '\\' && (b < 0 || b >= BLANK);
  }

  private static boolean arePlain(long eight) {
    // The last term: a byte below a blank (Mycroft 1987, as for zeros).
    long special =
        zeros(eight ^ '"' * ONES) | zeros(eight ^ '\\' * ONES) | eight - BLANK * ONES & ~eight;
    return (special & HIGHS) == 0;
  }

  /** High bits of bytes that are zero, and perhaps of some above one (Mycroft 1987). */
  private static long zeros(long eight) {
    return eight - ONES & ~eight & HIGHS;
  }
}
