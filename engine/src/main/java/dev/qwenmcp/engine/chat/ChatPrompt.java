package dev.qwenmcp.engine.chat;

import java.util.List;

/**
 * What a template renders.
 *
 * @param messages the conversation, oldest first
 * @param toolsJson one JSON text for each tool offered to the model, empty if none
 * @param thinking whether the answer may begin with reasoning
 * @param addGenerationPrompt whether to end with the header of the assistant's next message
 */
public record ChatPrompt(
    List<Message> messages,
    List<String> toolsJson,
    ThinkingMode thinking,
    boolean addGenerationPrompt) {
  public ChatPrompt {
    messages = List.copyOf(messages);
    toolsJson = List.copyOf(toolsJson);
  }

  /** A prompt for the next answer without tools. */
  public static ChatPrompt of(List<Message> messages, ThinkingMode thinking) {
    return new ChatPrompt(messages, List.of(), thinking, true);
  }
}
