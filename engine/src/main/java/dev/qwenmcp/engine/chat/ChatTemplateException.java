package dev.qwenmcp.engine.chat;

/** A chat template that the engine does not know. */
public final class ChatTemplateException extends Exception {
  private static final long serialVersionUID = 1L;

  public ChatTemplateException(String message) {
    super(message);
  }
}
