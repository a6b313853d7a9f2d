package dev.qwenmcp.engine.tokenizer;

import dev.qwenmcp.engine.gguf.GgufFormatException;
import dev.qwenmcp.engine.gguf.GgufMetadata;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Byte-level BPE tokenizer of the Qwen family; immutable, safe for many threads.
 *
 * <p>Ids equal those of the model's {@code tokenizer.json}: text is brought into Unicode's normal
 * form C first, so {@code decode(encode(text))} gives back every text in that form and the normal
 * form of any other. An unpaired surrogate counts as U+FFFD. Every text has an encoding.
 */
public final class BpeTokenizer {
  private static final String PREFIX = "tokenizer.ggml.";

  private final Vocabulary vocabulary;
  private final MergeTable merges;
  private final int eos;
  private final WordCache cache = new WordCache();

  BpeTokenizer(Vocabulary vocabulary, MergeTable merges, int eos) {
    this.vocabulary = vocabulary;
    this.merges = merges;
    this.eos = eos;
  }

  /**
   * Reads {@code tokenizer.ggml.*}; refuses models other than gpt2 with pre qwen2.
   *
   * @throws GgufFormatException if the tokenizer is another one, or a list is missing or malformed
   */
  public static BpeTokenizer of(GgufMetadata metadata) throws GgufFormatException {
    String source = metadata.file();
    String model = required(source, "model", metadata.string(PREFIX + "model"));
    String pre = required(source, "pre", metadata.string(PREFIX + "pre"));
    if (!model.equals("gpt2") || !pre.equals("qwen2")) {
      throw new GgufFormatException(
          source,
          -1,
          PREFIX + "model gpt2 with " + PREFIX + "pre qwen2, the tokenizer of Qwen models",
          model + " with " + pre);
    }
    if (metadata.bool(PREFIX + "add_bos_token").orElse(false)) {
      throw new GgufFormatException(
          source, -1, PREFIX + "add_bos_token false, as in every Qwen model", "true");
    }
    List<String> tokens = required(source, "tokens", metadata.strings(PREFIX + "tokens"));
    int[] types = required(source, "token_type", metadata.integers(PREFIX + "token_type"));
    List<String> merges = required(source, "merges", metadata.strings(PREFIX + "merges"));
    long eos = required(source, "eos_token_id", metadata.integer(PREFIX + "eos_token_id"));
    if (eos < 0 || eos >= tokens.size()) {
      throw new GgufFormatException(
          source, -1, PREFIX + "eos_token_id from 0 to " + (tokens.size() - 1), Long.toString(eos));
    }
    Vocabulary vocabulary = new Vocabulary(source, tokens, types);
    return new BpeTokenizer(vocabulary, new MergeTable(source, vocabulary, merges), (int) eos);
  }

  private static <T> T required(String source, String key, Optional<T> value)
      throws GgufFormatException {
    return value.orElseThrow(
        () -> new GgufFormatException(source, -1, "the key " + PREFIX + key, "none"));
  }

  /** Number of token ids. */
  public int size() {
    return vocabulary.size();
  }

  /** Ids of plain text: text that looks like a special token is encoded as ordinary characters. */
  public int[] encode(String text) {
    char[] chars = NormalForm.of(text).toCharArray();
    return encode(chars, chars.length);
  }

  /**
   * Ids of the beginning of plain text that stay the same whatever follows the text: those of all
   * words but the last, white space at the end left out as well.
   */
  public int[] encodeSettled(String text) {
    char[] chars = NormalForm.of(text).toCharArray();
    int words = chars.length; // white space at the end may yet be divided otherwise
    while (words > 0 && Character.isWhitespace(chars[words - 1])) {
      words--;
    }
    int settled = 0;
    for (int from = 0; from < chars.length; ) {
      int to = PreTokenizer.wordEnd(chars, from, chars.length);
      if (to < chars.length && from < words) {
        settled = to;
      }
      from = to;
    }
    return encode(chars, settled);
  }

  private int[] encode(char[] chars, int end) {
    WordEncoder words = new WordEncoder(vocabulary, merges);
    IdList ids = new IdList(end / 3);
    for (int from = 0; from < end; ) {
      int to = PreTokenizer.wordEnd(chars, from, chars.length);
      if (to - from > WordCache.MAX_WORD) {
        words.encode(chars, from, to, ids);
      } else {
        int hash = WordCache.hash(chars, from, to);
        int[] known = cache.get(hash, chars, from, to);
        if (known != null) {
          ids.add(known);
        } else {
          int start = ids.size();
          words.encode(chars, from, to, ids);
          cache.put(hash, chars, from, to, ids.toArray(start));
        }
      }
      from = to;
    }
    return ids.toArray();
  }

  /** The id of a special (control or user-defined) token such as {@code <|im_start|>}. */
  public OptionalInt special(String token) {
    return vocabulary.special(token);
  }

  /**
   * Whether the id is a control token, which never shows in decoded text; so are the ids that pad
   * the vocabulary and have no meaning.
   */
  public boolean isControl(int id) {
    return vocabulary.type(checked(id)).hidden();
  }

  /** The bytes that the id stands for; special tokens give their text in UTF-8. */
  public byte[] bytes(int id) {
    return vocabulary.bytes(checked(id));
  }

  /** The token of the same text without its leading space; the token itself if there is none. */
  public int withoutSpace(int id) {
    return vocabulary.withoutSpace(checked(id));
  }

  /** Text of the ids, control tokens left out, malformed UTF-8 as U+FFFD. */
  public String decode(int... ids) {
    long length = 0;
    for (int id : ids) {
      length += isControl(id) ? 0 : vocabulary.length(id);
    }
    byte[] bytes = new byte[Math.toIntExact(length)];
    int end = 0;
    for (int id : ids) {
      if (!vocabulary.type(id).hidden()) {
        end = vocabulary.copy(id, bytes, end);
      }
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** End-of-turn id of the file. */
  public int eos() {
    return eos;
  }

  private int checked(int id) {
    if (id < 0 || id >= vocabulary.size()) {
      throw new IndexOutOfBoundsException(
          "token ids go from 0 to " + (vocabulary.size() - 1) + ", not " + id);
    }
    return id;
  }
}
