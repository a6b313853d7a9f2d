package dev.qwenmcp.engine.chat;

/** Takes the parts of a reply from a {@link ReplyStream} as they become known. */
public interface ReplyListener {

  /** The next piece of the thinking text, never empty. */
  void reasoning(String piece);

  /** The next piece of the visible text, never empty. */
  void content(String piece);

  /** A complete tool call. */
  void toolCall(ToolCall call);

  /** What stands where a tool call should, cut off or no call at all. */
  void malformedCall(String text);
}
