package dev.qwenmcp.engine.tokenizer;

/** Streaming detokeniser: never emits half a UTF-8 sequence; one per generation, one thread. */
public final class TokenStream {
  public TokenStream(BpeTokenizer tokenizer) {
    throw new UnsupportedOperationException();
  }

  /** Text that became complete with this id, possibly empty. */
  public String push(int id) {
    throw new UnsupportedOperationException();
  }

  /** What is left at the end; an incomplete sequence becomes U+FFFD. */
  public String finish() {
    throw new UnsupportedOperationException();
  }
}
