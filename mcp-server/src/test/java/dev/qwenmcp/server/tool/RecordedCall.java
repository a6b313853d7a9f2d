package dev.qwenmcp.server.tool;

import dev.qwenmcp.engine.Cancellation;
import dev.qwenmcp.server.protocol.ToolContext;
import java.util.ArrayList;
import java.util.List;

/** A call that writes down the progress it is told. */
record RecordedCall(
    String principal, Cancellation cancellation, List<Progress> progressed, List<String> remarks)
    implements ToolContext {

  record Progress(double progress, Double total, String message) {}

  RecordedCall(String principal) {
    this(principal, new Cancellation(), new ArrayList<>(), new ArrayList<>());
  }

  RecordedCall() {
    this("local");
  }

  @Override
  public String requestId() {
    return "1";
  }

  @Override
  public void progress(double progress, Double total, String message) {
    progressed.add(new Progress(progress, total, message));
  }

  @Override
  public void remark(String remark) {
    remarks.add(remark);
  }

  @Override
  public boolean wantsProgress() {
    return true;
  }

  /** Keeps what the call uses: models of these tests stay loaded. */
  @Override
  public void onEnd(Runnable action) {}
}
