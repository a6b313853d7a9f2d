package dev.qwenmcp.server.web;

import dev.qwenmcp.engine.Usage;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The calls of one principal; safe for many threads. */
final class PrincipalCalls {
  /** Calls that are kept after their end. */
  static final int KEPT = 32;

  private final Map<Long, WatchedCall> running = new LinkedHashMap<>();
  private final Deque<WatchedCall> finished = new ArrayDeque<>(); // the latest first
  private long last; // numbers tell nothing of other principals' calls
  private long failed;
  private Usage usage = Usage.NONE;

  synchronized WatchedCall begin(String tool, InstantSource clock) {
    WatchedCall call = new WatchedCall(++last, tool, clock, this::end);
    running.put(call.number(), call);
    return call;
  }

  private synchronized void end(WatchedCall call) {
    running.remove(call.number());
    usage = usage.plus(call.usage());
    failed += call.failed() ? 1 : 0;
    finished.addFirst(call);
    if (finished.size() > KEPT) {
      finished.removeLast();
    }
  }

  /** Whether no call runs. */
  synchronized boolean resting() {
    return running.isEmpty();
  }

  synchronized Optional<WatchedCall> find(long number) {
    return Stream.concat(running.values().stream(), finished.stream())
        .filter(call -> call.number() == number)
        .findFirst();
  }

  synchronized CallsView view() {
    return new CallsView(
        running.values().stream().map(WatchedCall::view).toList(),
        finished.stream().map(WatchedCall::view).toList(),
        new CallsView.Totals(last, failed, usage));
  }
}
