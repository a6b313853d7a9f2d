package dev.qwenmcp.server.context;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Handles of contexts that have gone, whose they were and why; its owner's lock guards it. */
final class GoneContexts {
  private final Map<ContextId, Trace> traces = new HashMap<>();
  private final Deque<Trace> inOrder = new ArrayDeque<>();

  /**
   * What is left of a context.
   *
   * @param number of the context, in the order of opening
   * @param why what its principal hears
   * @param forgotten when this goes as well
   */
  record Trace(
      ContextId id, String principal, long number, ContextException why, Instant forgotten) {}

  void add(Trace trace) {
    traces.put(trace.id(), trace);
    inOrder.addLast(trace);
  }

  /** The trace of a principal's context; others learn of none. */
  Optional<Trace> of(String principal, ContextId id) {
    return Optional.ofNullable(traces.get(id)).filter(trace -> trace.principal().equals(principal));
  }

  /** Lets go of what is to be forgotten by now. */
  void forget(Instant now) {
    while (!inOrder.isEmpty() && !inOrder.peekFirst().forgotten().isAfter(now)) {
      traces.remove(inOrder.removeFirst().id());
    }
  }

  void clear() {
    traces.clear();
    inOrder.clear();
  }
}
