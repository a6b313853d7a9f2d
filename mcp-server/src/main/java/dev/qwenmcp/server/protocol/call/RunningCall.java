package dev.qwenmcp.server.protocol.call;

import dev.qwenmcp.engine.Cancellation;
import dev.qwenmcp.engine.Usage;
import dev.qwenmcp.server.protocol.CallEnd;
import dev.qwenmcp.server.protocol.ClientChannel;
import dev.qwenmcp.server.protocol.ToolContext;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The context of one call, whatever era and transport it came by.
 *
 * @param reporter null if the client wants no progress
 * @param remarks what the tool adds to its result, in order
 * @param usage what models did for it so far
 * @param end what is to be released
 * @param client what it may ask of its client
 */
record RunningCall(
    String requestId,
    String principal,
    Cancellation cancellation,
    ProgressReporter reporter,
    Set<String> remarks,
    AtomicReference<Usage> usage,
    CallEnd end,
    ClientChannel client)
    implements ToolContext {

  RunningCall(CallRequest request, ProgressReporter reporter) {
    this(
        request.requestId(),
        request.principal(),
        new Cancellation(),
        reporter,
        Collections.synchronizedSet(new LinkedHashSet<>()),
        new AtomicReference<>(Usage.NONE),
        new CallEnd(),
        request.client());
  }

  @Override
  public void remark(String remark) {
    remarks.add(remark);
  }

  @Override
  public void used(Usage more) {
    usage.accumulateAndGet(more, Usage::plus);
  }

  @Override
  public void progress(double progress, Double total, String message) {
    if (reporter != null) {
      reporter.report(progress, total, message);
    }
  }

  @Override
  public boolean wantsProgress() {
    return reporter != null;
  }

  @Override
  public void onEnd(Runnable action) {
    end.onEnd(action);
  }

  /** Silences the call: it has been answered or cancelled. */
  void close() {
    if (reporter != null) {
      reporter.close();
    }
  }
}
