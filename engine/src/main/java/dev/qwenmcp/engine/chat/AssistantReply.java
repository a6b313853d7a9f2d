package dev.qwenmcp.engine.chat;

import java.util.ArrayList;
import java.util.List;

/**
 * A generated reply in its parts.
 *
 * @param reasoning the thinking text, empty if none
 * @param content the visible text, empty if none
 * @param toolCalls the tool calls in order
 * @param malformedCalls the texts that stood where a tool call should and are none, such as a call
 *     that was cut off
 */
public record AssistantReply(
    String reasoning, String content, List<ToolCall> toolCalls, List<String> malformedCalls) {
  public AssistantReply {
    toolCalls = List.copyOf(toolCalls);
    malformedCalls = List.copyOf(malformedCalls);
  }

  /**
   * Takes a whole generated text apart, finished or not.
   *
   * @param text the decoded reply without its end-of-turn token
   * @param format what it may consist of
   */
  public static AssistantReply parse(String text, ReplyFormat format) {
    StringBuilder reasoning = new StringBuilder();
    StringBuilder content = new StringBuilder();
    List<ToolCall> calls = new ArrayList<>();
    List<String> malformed = new ArrayList<>();
    ReplyListener collector =
        new ReplyListener() {
          @Override
          public void reasoning(String piece) {
            reasoning.append(piece);
          }

          @Override
          public void content(String piece) {
            content.append(piece);
          }

          @Override
          public void toolCall(ToolCall call) {
            calls.add(call);
          }

          @Override
          public void malformedCall(String text) {
            malformed.add(text);
          }
        };
    ReplyStream stream = new ReplyStream(collector, format);
    stream.push(text);
    stream.finish();
    return new AssistantReply(reasoning.toString(), content.toString(), calls, malformed);
  }

  /** The message that goes into the conversation. */
  public Message message() {
    return new Message(Role.ASSISTANT, content, reasoning, toolCalls);
  }
}
