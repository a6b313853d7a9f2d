package dev.qwenmcp.engine.chat;

/** Whether the model reasons inside {@code <think>} before it answers. */
public enum ThinkingMode {
  ON,
  OFF
}
