package dev.qwenmcp.server.flow.run;

import dev.qwenmcp.engine.Cancellation;
import dev.qwenmcp.engine.Usage;
import dev.qwenmcp.server.protocol.CallEnd;
import dev.qwenmcp.server.protocol.LogLevel;
import dev.qwenmcp.server.protocol.Question;
import dev.qwenmcp.server.protocol.ToolContext;
import dev.qwenmcp.server.protocol.WorkListener;
import java.time.Duration;
import java.util.Optional;

/**
 * The call of a tool by a step: cancelled with its run, when the run's time ends, or when its own
 * does.
 */
final class StepCall implements ToolContext, AutoCloseable {
  private final ToolContext run;
  private final String address;
  private final FlowProgress progress;
  private final Cancellation cancellation = new Cancellation();

  /** What a step used goes with it, so that the next may use another model. */
  private final CallEnd end = new CallEnd();

  private final Cancellation.Registration ofRun;
  private final Thread timer;
  private volatile boolean timedOut;

  /**
   * @param stopping cancelled when the run is
   * @param atMost time of this call
   */
  StepCall(
      ToolContext run,
      String address,
      FlowProgress progress,
      Cancellation stopping,
      Duration atMost) {
    this.run = run;
    this.address = address;
    this.progress = progress;
    this.ofRun = stopping.onCancel(cancellation::cancel);
    this.timer = Thread.ofVirtual().name("step-timeout").start(() -> cancelAfter(atMost));
  }

  private void cancelAfter(Duration atMost) {
    try {
      Thread.sleep(atMost);
      timedOut = true;
      cancellation.cancel();
    } catch (InterruptedException e) {
      // The call has ended.
    }
  }

  /** Whether it was cancelled because its time ended. */
  boolean timedOut() {
    return timedOut;
  }

  @Override
  public String requestId() {
    return run.requestId() + "/" + address;
  }

  @Override
  public Cancellation cancellation() {
    return cancellation;
  }

  @Override
  public String principal() {
    return run.principal();
  }

  @Override
  public void progress(double done, Double total, String message) {
    progress.within(address, done, total, message);
  }

  @Override
  public void remark(String remark) {
    run.remark(remark);
  }

  @Override
  public void used(Usage usage) {
    run.used(usage);
  }

  /** Nobody is asked: where a call ends for an answer and is run again, its run would be too. */
  @Override
  public <A> Optional<A> ask(Question<A> question) {
    return Optional.empty();
  }

  @Override
  public void log(LogLevel level, String logger, String message) {
    run.log(level, logger, message);
  }

  @Override
  public WorkListener work() {
    return run.work();
  }

  @Override
  public boolean wantsProgress() {
    return run.wantsProgress();
  }

  @Override
  public boolean inBackground() {
    return run.inBackground();
  }

  @Override
  public void onEnd(Runnable action) {
    end.onEnd(action);
  }

  @Override
  public void close() {
    end.close();
    timer.interrupt();
    ofRun.close();
  }
}
