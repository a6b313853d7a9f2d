package dev.qwenmcp.engine.chat;

import java.util.Optional;

/**
 * Tells thinking, answer and tool calls apart in a reply while it is generated; one per reply, one
 * thread.
 *
 * <p>Thinking is what stands between {@code <think>} at the very start and {@code </think>}. The
 * line ends around these tags and around tool calls belong to the format and are left out; of an
 * answer that is held to a form these are the two after the thinking.
 */
public final class ReplyStream {
  private static final String THINK = ReplyFormat.THINKING_MARK;

  /** That the format puts between thinking and answer. */
  private static final int LINE_ENDS_AFTER_THINKING = 2;

  private enum State {
    REASONING("</think>"),
    CONTENT("<tool_call>"),
    CALL("</tool_call>");

    /** The tag that ends this state. */
    final String end;

    State(String end) {
      this.end = end;
    }
  }

  private final ReplyListener listener;
  private final ReplyFormat.Answer answer;
  private final StringBuilder pending = new StringBuilder();
  private State state;
  private boolean atStart; // whether THINK may still come
  private int lineEnds; // that may still come before anything else and are no part of the text
  private int searched; // no end tag begins before this place of pending

  /**
   * @param listener gets the parts
   * @param format what the reply may consist of
   */
  public ReplyStream(ReplyListener listener, ReplyFormat format) {
    this.listener = listener;
    this.answer = format.answer();
    this.atStart = format.thinking() == ReplyFormat.Thinking.POSSIBLE;
    enter(format.thinking() == ReplyFormat.Thinking.BEGUN ? State.REASONING : State.CONTENT);
    if (answer == ReplyFormat.Answer.VERBATIM && state == State.CONTENT) {
      lineEnds = 0;
    }
  }

  /** Takes the next piece of generated text. */
  public void push(String piece) {
    pending.append(piece);
    boolean more = true;
    while (more) {
      more = handleTag();
    }
  }

  /** Ends the reply: gives out what was held back, and a tool call without an end if it is one. */
  public void finish() {
    String rest = pending.toString();
    pending.setLength(0);
    if (state == State.CALL) {
      endCall(rest);
    } else {
      give(state == State.REASONING ? withoutLineEnds(rest) : rest);
    }
  }

  /** Handles the next tag if there is one, or gives out what can be no part of one. */
  private boolean handleTag() {
    dropLineEnds();
    if (atStart && !pending.isEmpty()) {
      if (pending.length() < THINK.length() && THINK.startsWith(pending.toString())) {
        return false;
      }
      atStart = false;
      if (pending.indexOf(THINK) == 0) {
        pending.delete(0, THINK.length());
        enter(State.REASONING);
        return true;
      }
    }
    if (state == State.CONTENT && answer != ReplyFormat.Answer.WITH_CALLS) {
      give(pending.toString());
      pending.setLength(0);
      return false;
    }
    int tag = pending.indexOf(state.end, searched);
    if (tag < 0) {
      int settled = pending.length() - heldBack();
      if (state == State.CALL) {
        searched = settled;
      } else {
        give(pending.substring(0, settled));
        pending.delete(0, settled);
      }
      return false;
    }
    String before = pending.substring(0, tag);
    pending.delete(0, tag + state.end.length());
    if (state == State.CALL) {
      endCall(before);
    } else {
      give(withoutLineEnds(before));
    }
    enter(state == State.CONTENT ? State.CALL : State.CONTENT);
    return true;
  }

  private void enter(State next) {
    state = next;
    lineEnds =
        next == State.CONTENT && answer == ReplyFormat.Answer.VERBATIM
            ? LINE_ENDS_AFTER_THINKING
            : Integer.MAX_VALUE;
    searched = 0;
  }

  /** Drops line ends that are no part of the text; none may come after anything else has. */
  private void dropLineEnds() {
    int dropped = 0;
    while (dropped < Math.min(lineEnds, pending.length()) && pending.charAt(dropped) == '\n') {
      dropped++;
    }
    pending.delete(0, dropped);
    lineEnds = pending.isEmpty() ? lineEnds - dropped : 0;
  }

  /** Characters at the end that may begin the end tag, with the line ends before them. */
  private int heldBack() {
    int length = pending.length();
    int held = Math.min(state.end.length() - 1, length);
    while (held > 0 && !state.end.startsWith(pending.substring(length - held))) {
      held--;
    }
    while (held < length && pending.charAt(length - held - 1) == '\n') {
      held++;
    }
    return held;
  }

  private void give(String piece) {
    if (piece.isEmpty()) {
      return;
    }
    if (state == State.REASONING) {
      listener.reasoning(piece);
    } else {
      listener.content(piece);
    }
  }

  private void endCall(String text) {
    Optional<ToolCall> call = ToolCallParser.parse(text);
    if (call.isPresent()) {
      listener.toolCall(call.get());
    } else {
      listener.malformedCall(text);
    }
  }

  private static String withoutLineEnds(String text) {
    int end = text.length();
    while (end > 0 && text.charAt(end - 1) == '\n') {
      end--;
    }
    return text.substring(0, end);
  }
}
