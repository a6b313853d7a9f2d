package dev.qwenmcp.engine.chat;

/**
 * What the text of a reply may consist of.
 *
 * @param thinking whether some of it is thinking
 * @param answer what follows the thinking
 */
public record ReplyFormat(Thinking thinking, Answer answer) {
  /** What thinking begins with: one special token. */
  public static final String THINKING_MARK = "<think>";

  /** Whether a reply has thinking text. */
  public enum Thinking {
    /** None: what looks like it is part of the answer. */
    NONE,
    /** If it begins with {@code <think>}. */
    POSSIBLE,
    /** It begins with thinking, which the prompt has opened. */
    BEGUN
  }

  /** What may stand in an answer. */
  public enum Answer {
    /** Text and calls of tools; line ends around these are no part of the text. */
    WITH_CALLS,
    /** Text after any number of line ends; what looks like a call is part of it. */
    TEXT,
    /** Text that was held to a form: every character of it counts. */
    VERBATIM
  }

  /**
   * Of a model that was offered tools.
   *
   * @param begun whether the prompt ends inside the thinking ({@link ChatTemplate#opensReasoning})
   */
  public static ReplyFormat withCalls(boolean begun) {
    return new ReplyFormat(begun ? Thinking.BEGUN : Thinking.POSSIBLE, Answer.WITH_CALLS);
  }

  /**
   * Of a model that was offered no tools.
   *
   * @param begun whether the prompt ends inside the thinking ({@link ChatTemplate#opensReasoning})
   */
  public static ReplyFormat text(boolean begun) {
    return new ReplyFormat(begun ? Thinking.BEGUN : Thinking.POSSIBLE, Answer.TEXT);
  }

  /** Of an answer that was held to a form. */
  public static ReplyFormat held(Thinking thinking) {
    return new ReplyFormat(thinking, Answer.VERBATIM);
  }
}
