package dev.qwenmcp.engine.tokenizer;

import dev.qwenmcp.engine.gguf.GgufFormatException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * The tokens of a byte-level BPE vocabulary: the bytes and type of each id, and ids by bytes.
 *
 * <p>All tokens' bytes lie in one array, and normal tokens are found by a hash table over it, which
 * takes a few milliseconds to build for 150,000 tokens where maps of strings take many times that.
 */
final class Vocabulary {
  private static final String TOKENS = "tokenizer.ggml.tokens";
  private static final String TYPES = "tokenizer.ggml.token_type";

  /** Multiplier of the polynomial hash over a token's bytes: odd, and its powers spread well. */
  private static final int HASH_STEP = 0x01000193;

  private final TokenType[] types;
  private final byte[] blob; // the bytes of all tokens, id after id
  private final int[] start; // (size + 1): token i is blob[start[i] .. start[i + 1])
  private final int[] slots; // open addressing: id + 1 of normal tokens by the hash of their bytes
  private final int[] byteIds; // (256): the token of each single byte
  private final Map<String, Integer> specials = new HashMap<>();

  /**
   * @param source name of the file, for error messages
   * @param tokens each token as the file spells it: normal ones in {@link ByteAlphabet}, all others
   *     as plain text
   * @param typeIds the {@link TokenType} number of each token
   * @throws GgufFormatException if a token cannot be spelled in bytes or stands there twice, a type
   *     is unknown, or one of the 256 bytes has no token
   */
  Vocabulary(String source, List<String> tokens, int[] typeIds) throws GgufFormatException {
    int size = tokens.size();
    if (typeIds.length != size) {
      throw error(source, TYPES + " of " + size + " elements, one a token", typeIds.length + "");
    }
    types = new TokenType[size];
    start = new int[size + 1];
    slots = new int[Math.max(16, Integer.highestOneBit(Math.max(1, size)) << 2)];
    byte[] bytes = new byte[Math.max(1024, size * 8)];
    int end = 0;
    for (int id = 0; id < size; id++) {
      String token = tokens.get(id);
      int typeId = typeIds[id];
      types[id] =
          TokenType.byId(typeId)
              .orElseThrow(() ->
                  error(
                      source,
                      TYPES + " 1 to 5 (a byte-level BPE vocabulary has no others)",
                      typeId + " for token " + quote(token)));
      if (types[id] == TokenType.NORMAL) {
        int length = token.length();
        if (bytes.length - end < length) {
          bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, end + length));
        }
        for (int i = 0; i < length; i++) {
          int b = ByteAlphabet.byteOf(token.charAt(i));
          if (b < 0) {
            throw error(
                source,
                TOKENS + " in the byte alphabet of GPT-2",
                "token " + id + ", " + quote(token));
          }
          bytes[end++] = (byte) b;
        }
      } else {
        byte[] text = token.getBytes(StandardCharsets.UTF_8);
        if (bytes.length - end < text.length) {
          bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, end + text.length));
        }
        System.arraycopy(text, 0, bytes, end, text.length);
        end += text.length;
        if (types[id].special() && specials.putIfAbsent(token, id) != null) {
          throw duplicate(source, specials.get(token), id, token);
        }
      }
      start[id + 1] = end;
    }
    blob = Arrays.copyOf(bytes, end);
    for (int id = 0; id < size; id++) {
      if (types[id] == TokenType.NORMAL && start[id] < start[id + 1]) {
        int first = insert(id);
        if (first >= 0) {
          throw duplicate(source, first, id, tokens.get(id));
        }
      }
    }
    byteIds = new int[256];
    for (int b = 0; b < 256; b++) {
      byteIds[b] = find(new byte[] {(byte) b}, 0, 1);
      if (byteIds[b] < 0) {
        throw error(
            source, TOKENS + " with one token for each byte", "none for byte 0x%02X".formatted(b));
      }
    }
  }

  /** Number of ids. */
  int size() {
    return types.length;
  }

  /** What the id is for. */
  TokenType type(int id) {
    return types[id];
  }

  /** Number of bytes that the id stands for. */
  int length(int id) {
    return start[id + 1] - start[id];
  }

  /** A copy of the bytes that the id stands for. */
  byte[] bytes(int id) {
    return Arrays.copyOfRange(blob, start[id], start[id + 1]);
  }

  /** Writes the id's bytes to {@code target} from {@code at} on and returns the end. */
  int copy(int id, byte[] target, int at) {
    int length = length(id);
    System.arraycopy(blob, start[id], target, at, length);
    return at + length;
  }

  /** The control or user-defined token of this name. */
  OptionalInt special(String token) {
    Integer id = specials.get(token);
    return id == null ? OptionalInt.empty() : OptionalInt.of(id);
  }

  /** The token of one byte, 0 to 255. */
  int byteId(int b) {
    return byteIds[b];
  }

  /** Whether {@code id} is a normal token of exactly these bytes. */
  boolean is(int id, byte[] bytes, int from, int to) {
    return id < types.length
        && types[id] == TokenType.NORMAL
        && Arrays.equals(blob, start[id], start[id + 1], bytes, from, to);
  }

  /** The normal token of exactly these bytes, -1 if there is none. */
  int find(byte[] bytes, int from, int to) {
    int mask = slots.length - 1;
    for (int slot = hash(bytes, from, to) & mask; ; slot = (slot + 1) & mask) {
      int id = slots[slot] - 1;
      if (id < 0 || Arrays.equals(blob, start[id], start[id + 1], bytes, from, to)) {
        return id;
      }
    }
  }

  /** Enters a normal token; returns the id that already has its bytes, -1 if there is none. */
  private int insert(int id) {
    int mask = slots.length - 1;
    for (int slot = hash(blob, start[id], start[id + 1]) & mask; ; slot = (slot + 1) & mask) {
      int other = slots[slot] - 1;
      if (other < 0) {
        slots[slot] = id + 1;
        return -1;
      }
      if (Arrays.equals(blob, start[other], start[other + 1], blob, start[id], start[id + 1])) {
        return other;
      }
    }
  }

  private static int hash(byte[] bytes, int from, int to) {
    int h = 0;
    for (int i = from; i < to; i++) {
      h = (h ^ (bytes[i] & 0xFF)) * HASH_STEP;
    }
    return h ^ (h >>> 15);
  }

  private static GgufFormatException duplicate(String source, int first, int second, String token) {
    return error(
        source, TOKENS + " that differ", quote(token) + " as tokens " + first + " and " + second);
  }

  private static GgufFormatException error(String source, String expected, String found) {
    return new GgufFormatException(source, -1, expected, found);
  }

  private static String quote(String token) {
    return '"' + (token.length() <= 40 ? token : token.substring(0, 40) + "…") + '"';
  }
}
