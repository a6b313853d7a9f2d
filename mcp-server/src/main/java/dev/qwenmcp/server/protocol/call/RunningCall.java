package dev.qwenmcp.server.protocol.call;

import dev.qwenmcp.engine.Cancellation;
import dev.qwenmcp.engine.Usage;
import dev.qwenmcp.server.protocol.Answers;
import dev.qwenmcp.server.protocol.CallClient;
import dev.qwenmcp.server.protocol.CallEnd;
import dev.qwenmcp.server.protocol.LogLevel;
import dev.qwenmcp.server.protocol.Question;
import dev.qwenmcp.server.protocol.ToolContext;
import dev.qwenmcp.server.protocol.ToolException;
import dev.qwenmcp.server.protocol.WorkListener;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The context of one call, whatever era and transport it came by.
 *
 * @param reporter null if the client wants no progress
 * @param client who can be asked
 * @param work hears the models that work for it
 * @param remarks what the tool adds to its result, in order
 * @param usage what models did for it so far
 * @param end what is to be released
 */
record RunningCall(
    String requestId,
    String principal,
    Cancellation cancellation,
    ProgressReporter reporter,
    CallClient client,
    WorkListener work,
    Set<String> remarks,
    AtomicReference<Usage> usage,
    CallEnd end)
    implements ToolContext {

  RunningCall(CallRequest request, ProgressReporter reporter, WorkListener work) {
    this(
        request.requestId(),
        request.principal(),
        new Cancellation(),
        reporter,
        request.client(),
        work,
        Collections.synchronizedSet(new LinkedHashSet<>()),
        new AtomicReference<>(Usage.NONE),
        new CallEnd());
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
  public <A> Optional<A> ask(Question<A> question) throws ToolException, InterruptedException {
    return client.ask(question, cancellation);
  }

  @Override
  public Optional<Answers> askAll(SequencedMap<String, Question<?>> questions)
      throws ToolException, InterruptedException {
    return client.askAll(questions, cancellation);
  }

  @Override
  public void log(LogLevel level, String logger, String message) {
    client.log(level, logger, message);
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
