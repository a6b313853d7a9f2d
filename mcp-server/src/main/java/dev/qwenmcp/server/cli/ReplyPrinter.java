package dev.qwenmcp.server.cli;

import dev.qwenmcp.engine.chat.ReplyListener;
import dev.qwenmcp.engine.chat.ToolCall;
import java.io.PrintWriter;

/** Prints an answer while it is generated: thinking in one place, what is said in another. */
class ReplyPrinter implements ReplyListener {
  private static final String DIM = "\u001b[2m";
  private static final String PLAIN = "\u001b[0m";

  private final PrintWriter answer;
  private final PrintWriter thinking;
  private final boolean dim;
  private boolean inThinking;

  /**
   * @param answer gets what is said
   * @param thinking gets the thinking
   * @param dim whether thinking is shown dimmed, for terminals that can
   */
  ReplyPrinter(PrintWriter answer, PrintWriter thinking, boolean dim) {
    this.answer = answer;
    this.thinking = thinking;
    this.dim = dim;
  }

  @Override
  public void reasoning(String piece) {
    inThinking = true;
    thinking.print(dim ? DIM + piece + PLAIN : piece);
    thinking.flush();
  }

  @Override
  public void content(String piece) {
    endThinking();
    answer.print(piece);
    answer.flush();
  }

  @Override
  public void toolCall(ToolCall call) {
    content("[asks for the tool " + call.name() + " with " + call.argumentsJson() + "]");
  }

  @Override
  public void malformedCall(String text) {
    content(text);
  }

  private void endThinking() {
    if (inThinking) {
      inThinking = false;
      thinking.println();
      thinking.println();
      thinking.flush();
    }
  }
}
