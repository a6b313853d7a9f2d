package dev.qwenmcp.server.cli;

import dev.qwenmcp.engine.Cancellation;
import dev.qwenmcp.server.protocol.ToolContext;
import java.io.PrintWriter;

/**
 * A call of a tool by a command: tells its progress on standard error.
 *
 * @param told where to, null for nowhere
 */
record TerminalCall(PrintWriter told, Cancellation cancellation) implements ToolContext {
  /** Whose contexts and collections those of servers over standard input are. */
  static final String PRINCIPAL = "local";

  TerminalCall(PrintWriter told) {
    this(told, new Cancellation());
  }

  @Override
  public String requestId() {
    return "cli";
  }

  @Override
  public String principal() {
    return PRINCIPAL;
  }

  @Override
  public void progress(double progress, Double total, String message) {
    if (told != null) {
      told.println(
          total == null
              ? message
              : "%d/%d  %s".formatted((int) progress, total.intValue(), message));
    }
  }

  @Override
  public void remark(String remark) {
    if (told != null) {
      told.println(remark);
    }
  }

  @Override
  public void onEnd(Runnable action) {
    // Steps end before the command does and release what they use; nothing else uses anything.
  }

  @Override
  public boolean wantsProgress() {
    return false; // texts as they grow would fill the terminal; steps are told anyway
  }
}
