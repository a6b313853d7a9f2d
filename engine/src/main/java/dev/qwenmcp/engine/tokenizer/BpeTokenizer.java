package dev.qwenmcp.engine.tokenizer;

import dev.qwenmcp.engine.gguf.GgufFormatException;
import dev.qwenmcp.engine.gguf.GgufMetadata;
import java.util.OptionalInt;

/** Byte-level BPE tokenizer of the Qwen family; immutable, safe for many threads. */
public final class BpeTokenizer {

  /** Reads {@code tokenizer.ggml.*}; refuses models other than gpt2 with pre qwen2. */
  public static BpeTokenizer of(GgufMetadata metadata) throws GgufFormatException {
    throw new UnsupportedOperationException();
  }

  /** Number of token ids. */
  public int size() {
    throw new UnsupportedOperationException();
  }

  /** Ids of plain text: text that looks like a special token is encoded as ordinary characters. */
  public int[] encode(String text) {
    throw new UnsupportedOperationException();
  }

  /** The id of a special (control or user-defined) token such as {@code <|im_start|>}. */
  public OptionalInt special(String token) {
    throw new UnsupportedOperationException();
  }

  /** Whether the id is a control token, which never shows in decoded text. */
  public boolean isControl(int id) {
    throw new UnsupportedOperationException();
  }

  /** The bytes that the id stands for; special tokens give their text in UTF-8. */
  public byte[] bytes(int id) {
    throw new UnsupportedOperationException();
  }

  /** Text of the ids, control tokens left out, malformed UTF-8 as U+FFFD. */
  public String decode(int... ids) {
    throw new UnsupportedOperationException();
  }

  /** End-of-turn id of the file. */
  public int eos() {
    throw new UnsupportedOperationException();
  }
}
