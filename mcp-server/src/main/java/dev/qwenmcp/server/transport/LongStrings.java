package dev.qwenmcp.server.transport;

import java.io.ByteArrayOutputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/**
 * Keeps long strings out of Jackson's way, which copies each character three times on its way from
 * bytes to a String: of a call with a document of 1 MiB that was a seventh of its time, and 4 MiB
 * of garbage.
 *
 * <p>A message's long values are replaced by short ones before it is parsed, and put back into the
 * tree. The short ones begin with 128 random bits, so no message has them.
 */
final class LongStrings {
  /** A value shorter than this, in bytes, is Jackson's to read. */
  static final int LEAST_BYTES = 16 << 10;

  private final String mark;

  LongStrings(SecureRandom random) {
    byte[] bits = new byte[16];
    random.nextBytes(bits);
    this.mark = HexFormat.of().formatHex(bits);
  }

  /**
   * Content of a string in a message: from its first byte to behind its last.
   *
   * @param escapes whether there are any in it
   */
  private record Place(int from, int to, boolean escapes) {}

  /** A message whose long strings are elsewhere. */
  final class Shortened {
    private final Utf8 message;
    private final List<Place> places;

    private Shortened(Utf8 message, List<Place> places) {
      this.message = message;
      this.places = places;
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

    /**
     * Puts the long values back.
     *
     * @throws CharacterCodingException if one is not UTF-8, or has an escape that is none or half a
     *     surrogate pair
     */
    JsonNode restored(JsonNode node) throws CharacterCodingException {
      switch (node) {
        case ObjectNode object -> {
          for (Map.Entry<String, JsonNode> member : object.properties()) {
            member.setValue(restored(member.getValue()));
          }
        }
        case ArrayNode array -> {
          for (int i = 0; i < array.size(); i++) {
            array.set(i, restored(array.get(i)));
          }
        }
        case StringNode string when string.stringValue().startsWith(mark) -> {
          Place place = places.get(Integer.parseInt(string.stringValue().substring(mark.length())));
          return StringNode.valueOf(text(place));
        }
        default -> {}
      }
      return node;
    }

    private String text(Place place) throws CharacterCodingException {
      return place.escapes()
          ? JsonStrings.text(message.bytes(), place.from(), place.to(), message.plain())
          : JsonStrings.decoded(message.bytes(), place.from(), place.to(), message.plain());
    }
  }

  /**
   * Finds long strings.
   *
   * @param message not necessarily JSON, nor UTF-8
   * @return null if it has none, or is seen not to be JSON
   */
  Shortened shorten(Utf8 message) {
    if (message.length() < LEAST_BYTES) {
      return null;
    }
    byte[] bytes = message.bytes();
    List<Place> places = new ArrayList<>();
    int at = EightBytes.indexOf('"', bytes, message.from(), message.to());
    while (at < message.to()) {
      int from = at + 1;
      int end = EightBytes.endOfPlain(bytes, from, message.to());
      boolean escapes = end < message.to() && bytes[end] == '\\';
      while (end + 1 < message.to() && bytes[end] == '\\') {
        end = EightBytes.endOfPlain(bytes, end + 2, message.to());
      }
      if (end >= message.to() || bytes[end] != '"') {
        return null;
      }
      if (end - from >= LEAST_BYTES && !isKey(message, end + 1)) {
        places.add(new Place(from, end, escapes));
      }
      at = EightBytes.indexOf('"', bytes, end + 1, message.to());
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
}
