package dev.qwenmcp.engine.tokenizer;

/** What a token is for, as {@code tokenizer.ggml.token_type} numbers it. */
enum TokenType {
  NORMAL(1),
  UNKNOWN(2),
  CONTROL(3),
  USER_DEFINED(4),
  UNUSED(5);

  // 6 (BYTE) belongs to SentencePiece vocabularies, where a token spells "<0x0A>"; byte-level BPE
  // has its 256 byte tokens among the normal ones.

  private static final TokenType[] BY_ID = {null, NORMAL, UNKNOWN, CONTROL, USER_DEFINED, UNUSED};

  private final int id;

  TokenType(int id) {
    this.id = id;
  }

  /** The number that stands for this type in a file. */
  int id() {
    return id;
  }

  /** Whether the program may place the token by name: it is written out in the file as it is. */
  boolean special() {
    return this == CONTROL || this == USER_DEFINED;
  }

  /** Whether the token never shows in decoded text. */
  boolean hidden() {
    return this == CONTROL || this == UNKNOWN || this == UNUSED;
  }

  /** The type of this number, null for an unknown one. */
  static TokenType byId(int id) {
    return id > 0 && id < BY_ID.length ? BY_ID[id] : null;
  }
}
