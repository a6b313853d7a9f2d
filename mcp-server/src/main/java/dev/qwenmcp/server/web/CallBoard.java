package dev.qwenmcp.server.web;

import dev.qwenmcp.server.protocol.call.CallObserver;
import dev.qwenmcp.server.protocol.call.CallRequest;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The calls that run and the last ones that ran, of each principal; safe for many threads. */
final class CallBoard implements CallObserver {
  /** Those who called longest ago are forgotten; with their expert counts they may take 25 MB. */
  static final int MOST_PRINCIPALS = 32;

  private final InstantSource clock;

  /** By principal, the one who called last is last. Guarded by this. */
  private final Map<String, PrincipalCalls> calls = new LinkedHashMap<>(16, 0.75f, true);

  CallBoard(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public Observed began(String tool, CallRequest request) {
    PrincipalCalls own;
    synchronized (this) {
      own = calls.computeIfAbsent(request.principal(), _ -> new PrincipalCalls());
      if (calls.size() > MOST_PRINCIPALS) {
        calls.entrySet().stream()
            .filter(entry -> entry.getValue() != own && entry.getValue().resting())
            .map(Map.Entry::getKey)
            .findFirst()
            .ifPresent(calls::remove);
      }
      return own.begin(tool, clock);
    }
  }

  /** A principal's calls. */
  CallsView of(String principal) {
    return own(principal).map(PrincipalCalls::view).orElse(CallsView.NONE);
  }

  /** One of a principal's calls. */
  Optional<WatchedCall> find(String principal, long number) {
    return own(principal).flatMap(calls -> calls.find(number));
  }

  private synchronized Optional<PrincipalCalls> own(String principal) {
    return Optional.ofNullable(calls.get(principal));
  }
}
