package dev.qwenmcp.engine.chat;

import java.util.List;
import java.util.Objects;

/**
 * One message of a conversation.
 *
 * @param role who speaks
 * @param content the visible text, never null
 * @param reasoning an assistant's thinking text, empty if none
 * @param toolCalls an assistant's tool calls, empty if none
 */
public record Message(Role role, String content, String reasoning, List<ToolCall> toolCalls) {
  public Message {
    Objects.requireNonNull(role, "role");
    Objects.requireNonNull(content, "content");
    Objects.requireNonNull(reasoning, "reasoning");
    toolCalls = List.copyOf(toolCalls);
  }

  public static Message system(String content) {
    return new Message(Role.SYSTEM, content, "", List.of());
  }

  public static Message user(String content) {
    return new Message(Role.USER, content, "", List.of());
  }

  public static Message assistant(String content) {
    return new Message(Role.ASSISTANT, content, "", List.of());
  }

  public static Message tool(String content) {
    return new Message(Role.TOOL, content, "", List.of());
  }
}
