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

  /**
   * Longest walk from a token's own slot. At the table's load, a quarter to a half, chance gives
   * some dozens; only a file made to be slow comes near this.
   */
  private static final int MAX_PROBES = 1024;

  private final String source;
  private final TokenType[] types;
  private final int[] start; // (size + 1): token i is blob[start[i] .. start[i + 1])
  private final int[] slots; // open addressing: id + 1 of normal tokens by the hash of their bytes
  private final int[] byteIds; // (256): the token of each single byte
  private final Map<String, Integer> specials = new HashMap<>();
  private byte[] blob; // the bytes of all tokens, id after id

  /**
   * @param source name of the file, for error messages
   * @param tokens each token as the file spells it: normal ones in {@link ByteAlphabet}, all others
   *     as plain text
   * @param typeIds the {@link TokenType} number of each token
   * @throws GgufFormatException if a token cannot be spelled in bytes or stands there twice, a type
   *     is unknown, or one of the 256 bytes has no token
   */
  Vocabulary(String source, List<String> tokens, int[] typeIds) throws GgufFormatException {
    this.source = source;
    int size = tokens.size();
    if (typeIds.length != size) {
      throw error(TYPES + " of " + size + " elements, one a token", typeIds.length + "");
    }
    types = new TokenType[size];
    start = new int[size + 1];
    slots = new int[Math.max(16, Integer.highestOneBit(Math.max(1, size)) << 2)];
    blob = new byte[1 << 16];
    for (int id = 0; id < size; id++) {
      append(id, tokens.get(id), typeIds[id]);
    }
    blob = Arrays.copyOf(blob, start[size]);
    byteIds = new int[256];
    for (int b = 0; b < 256; b++) {
      byteIds[b] = find(new byte[] {(byte) b}, 0, 1);
      if (byteIds[b] < 0) {
        throw error(TOKENS + " with one token for each byte", "none for byte 0x%02X".formatted(b));
      }
    }
  }

  private void append(int id, String token, int typeId) throws GgufFormatException {
    TokenType type = TokenType.byId(typeId);
    if (type == null) {
      throw error(
          TYPES + " 1 to 5 (a byte-level BPE vocabulary has no others)",
          typeId + " for token " + quote(token));
    }
    types[id] = type;
    int end;
    if (type == TokenType.NORMAL) {
      reserve(start[id], token.length());
      end = ByteAlphabet.read(token, 0, token.length(), blob, start[id]);
      if (end < 0) {
        throw error(TOKENS + " in the byte alphabet of GPT-2", "token " + id + ", " + quote(token));
      }
    } else {
      byte[] text = token.getBytes(StandardCharsets.UTF_8);
      reserve(start[id], text.length);
      System.arraycopy(text, 0, blob, start[id], text.length);
      end = start[id] + text.length;
    }
    start[id + 1] = end;
    int first = -1;
    if (type == TokenType.NORMAL && end > start[id]) {
      first = insert(id);
    } else if (type.special()) {
      Integer known = specials.putIfAbsent(token, id);
      first = known == null ? -1 : known;
    }
    if (first >= 0) {
      throw error(
          TOKENS + " that differ (in their hashes as well)",
          quote(token) + " as tokens " + first + " and " + id);
    }
  }

  private void reserve(int end, int more) throws GgufFormatException {
    long needed = (long) end + more;
    if (needed > Integer.MAX_VALUE - 8) {
      throw error(TOKENS + " of less than 2 GiB in all", needed + " bytes and more");
    }
    if (needed > blob.length) {
      blob = Arrays.copyOf(blob, (int) Math.min(Integer.MAX_VALUE - 8, Math.max(needed, 2L * end)));
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
    int slot = hash(bytes, from, to);
    for (int probe = 0; probe < MAX_PROBES; probe++) {
      int id = slots[(slot + probe) & mask] - 1;
      if (id < 0 || Arrays.equals(blob, start[id], start[id + 1], bytes, from, to)) {
        return id;
      }
    }
    return -1;
  }

  /** The normal token of the same bytes without a leading space, the id itself if there is none. */
  int withoutSpace(int id) {
    if (length(id) < 2 || blob[start[id]] != ' ' || types[id] != TokenType.NORMAL) {
      return id;
    }
    int bare = find(blob, start[id] + 1, start[id + 1]);
    return bare < 0 ? id : bare;
  }

  /** Enters a normal token; returns the id that has its bytes, or hash, already, -1 if none. */
  private int insert(int id) {
    int mask = slots.length - 1;
    int slot = hash(blob, start[id], start[id + 1]);
    int other = -1;
    for (int probe = 0; probe < MAX_PROBES; probe++) {
      int at = (slot + probe) & mask;
      other = slots[at] - 1;
      if (other < 0) {
        slots[at] = id + 1;
        return -1;
      }
      if (Arrays.equals(blob, start[other], start[other + 1], blob, start[id], start[id + 1])) {
        break;
      }
    }
    return other;
  }

  static int hash(byte[] bytes, int from, int to) {
    int h = 0;
    for (int i = from; i < to; i++) {
      h = (h ^ (bytes[i] & 0xFF)) * HASH_STEP;
    }
    return h ^ (h >>> 15);
  }

  private GgufFormatException error(String expected, String found) {
    return new GgufFormatException(source, -1, expected, found);
  }

  private static String quote(String token) {
    return '"' + (token.length() <= 40 ? token : token.substring(0, 40) + "…") + '"';
  }
}
