package dev.qwenmcp.server.protocol.call;

import dev.qwenmcp.engine.Cancellation;
import dev.qwenmcp.server.protocol.CallEnd;
import dev.qwenmcp.server.protocol.InputRequiredException;
import dev.qwenmcp.server.protocol.MissingCapabilityException;
import dev.qwenmcp.server.protocol.WorkListener;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.scheduler.Scheduler;

/**
 * Gives each call a platform thread of its own, up to a limit; beyond it calls wait, up to another.
 *
 * <p>Disposing of a call's subscription sets its {@link Cancellation} and silences its progress.
 * The thread counts against the limit until the tool has really stopped.
 */
public final class ToolRunner {
  private static final Duration PROGRESS_INTERVAL = Duration.ofMillis(100);

  private final CallLimits limits;
  private final Scheduler clock;
  private final CallObserver observer;
  private final LongResults longResults;
  private final CallThreads threads;

  /** A runner that nobody observes. */
  public ToolRunner(CallLimits limits, Scheduler clock) {
    this(limits, clock, CallObserver.NONE);
  }

  /** A runner whose results are given whole, however long. */
  public ToolRunner(CallLimits limits, Scheduler clock, CallObserver observer) {
    this(limits, clock, observer, LongResults.unlimited());
  }

  /**
   * @param limits how many calls may run and wait
   * @param clock times progress notifications
   * @param observer sees every call
   * @param longResults keeps what clients would not take at once
   */
  public ToolRunner(
      CallLimits limits, Scheduler clock, CallObserver observer, LongResults longResults) {
    this.longResults = longResults;
    this.limits = limits;
    this.clock = clock;
    this.observer = observer;
    this.threads = new CallThreads(limits);
  }

  /**
   * Runs a call when subscribed to.
   *
   * @return its outcome; as error signals {@link TooManyCallsException}, {@link
   *     InputRequiredException} and {@link MissingCapabilityException}
   */
  public Mono<ToolOutcome> run(RegisteredTool<?, ?> tool, CallRequest request) {
    return Mono.create(sink -> start(tool, request, sink));
  }

  /**
   * Does what comes before a call becomes a task, when subscribed to.
   *
   * @return why it cannot be made, empty if it can; error signals as for {@link #run}
   */
  public Mono<Optional<ToolOutcome.Failure>> prepare(
      RegisteredTool<?, ?> tool, CallRequest request) {
    return Mono.create(sink -> {
      RunningCall call = new RunningCall(request, null, WorkListener.NONE);
      sink.onCancel(() -> call.cancellation().cancel());
      try {
        threads.execute(() -> {
          try (CallEnd _ = call.end()) {
            sink.success(tool.prepare(request.arguments(), call));
          } catch (RuntimeException e) {
            sink.error(e);
          }
        });
      } catch (RejectedExecutionException e) {
        sink.error(new TooManyCallsException(limits));
      }
    });
  }

  private void start(RegisteredTool<?, ?> tool, CallRequest request, MonoSink<ToolOutcome> sink) {
    ProgressReporter reporter =
        request.progress() == null
            ? null
            : new ProgressReporter(request.progress(), clock, PROGRESS_INTERVAL);
    CallObserver.Observed observed = observer.began(tool.spec().name(), request);
    RunningCall call = new RunningCall(request, reporter, observed.work());
    sink.onCancel(() -> {
      call.cancellation().cancel();
      call.close();
    });
    try {
      threads.execute(() -> {
        ToolOutcome outcome;
        try (CallEnd _ = call.end()) {
          outcome =
              call.cancellation().cancelled()
                  ? new ToolOutcome.Failure("cancelled", "the call was cancelled before it began")
                  : tool.call(request.arguments(), call).remarked(List.copyOf(call.remarks()));
        } catch (InputRequiredException | MissingCapabilityException e) {
          call.close();
          observed.ended(report(new ToolOutcome.Failure(code(e), e.getMessage()), call));
          sink.error(e);
          return;
        }
        call.close();
        observed.ended(report(outcome, call));
        sink.success(longResults.fitting(request.principal(), tool, outcome));
      });
    } catch (RejectedExecutionException e) {
      observed.refused();
      sink.error(new TooManyCallsException(limits));
    }
  }

  private static String code(RuntimeException unanswered) {
    return unanswered instanceof InputRequiredException ? "input_required" : "missing_capability";
  }

  private static CallReport report(ToolOutcome outcome, RunningCall call) {
    return new CallReport(outcome, call.cancellation().cancelled(), call.usage().get());
  }

  /**
   * Takes no more calls and waits for those that run.
   *
   * @return number of calls that have not stopped in time
   */
  public int close(Duration limit) throws InterruptedException {
    return threads.close(limit);
  }
}
