package dev.qwenmcp.engine.chat;

import dev.qwenmcp.engine.gguf.GgufMetadata;
import dev.qwenmcp.engine.tokenizer.BpeTokenizer;

/**
 * Qwen3's chat format, written straight to token ids so that user text can never become control.
 */
public final class ChatTemplate {

  /**
   * Recognises the file's template; another model's is refused with {@link ChatTemplateException}.
   */
  public static ChatTemplate of(GgufMetadata metadata, BpeTokenizer tokenizer)
      throws ChatTemplateException {
    throw new UnsupportedOperationException();
  }

  /** Token ids of the prompt. */
  public int[] encode(ChatPrompt prompt) {
    throw new UnsupportedOperationException();
  }

  /** The text that Jinja would render, for comparison and display only. */
  public String render(ChatPrompt prompt) {
    throw new UnsupportedOperationException();
  }

  /** Ids at which generation stops: end of turn and end of text. */
  public int[] stopTokens() {
    throw new UnsupportedOperationException();
  }
}
