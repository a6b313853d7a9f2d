package dev.qwenmcp.engine.chat;

import java.util.Objects;

/**
 * One tool call of an assistant message.
 *
 * @param name the tool's name
 * @param argumentsJson the arguments as a JSON object's text
 */
public record ToolCall(String name, String argumentsJson) {
  public ToolCall {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(argumentsJson, "argumentsJson");
  }
}
