package dev.qwenmcp.server.protocol.call;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;

/**
 * Thins out what a tool reports: values only rise, at most one notification per interval, and the
 * last report of a burst is sent when its interval has passed, so that nobody looks at an old
 * message while the tool is at the next step.
 */
final class ProgressReporter {
  private final ProgressSink sink;
  private final Scheduler clock;
  private final long intervalMillis;
  private final Disposable.Swap timer = Disposables.swap();

  private double highest = Double.NEGATIVE_INFINITY;
  private long nextMillis = Long.MIN_VALUE;
  private Report waiting;
  private boolean closed;

  private record Report(double progress, Double total, String message) {}

  ProgressReporter(ProgressSink sink, Scheduler clock, Duration interval) {
    this.sink = sink;
    this.clock = clock;
    this.intervalMillis = interval.toMillis();
  }

  /** Takes a report; one that does not rise is dropped, for the protocol forbids it. */
  synchronized void report(double progress, Double total, String message) {
    if (closed || !Double.isFinite(progress) || progress <= highest) {
      return;
    }
    highest = progress;
    boolean timed = waiting != null;
    waiting = new Report(progress, total != null && Double.isFinite(total) ? total : null, message);
    long now = now();
    if (now >= nextMillis) {
      send(now);
    } else if (!timed) {
      timer.update(clock.schedule(this::sendWaiting, nextMillis - now, TimeUnit.MILLISECONDS));
    }
  }

  /** Nothing is sent from here on: the call has ended. */
  synchronized void close() {
    closed = true;
    waiting = null;
    timer.dispose();
  }

  private synchronized void sendWaiting() {
    if (waiting != null && !closed) {
      send(now());
    }
  }

  private void send(long now) {
    Report report = waiting;
    waiting = null;
    nextMillis = now + intervalMillis;
    sink.send(report.progress(), report.total(), report.message());
  }

  private long now() {
    return clock.now(TimeUnit.MILLISECONDS);
  }
}
