package dev.qwenmcp.server.transport.http;

import dev.qwenmcp.server.transport.RpcCodec;
import dev.qwenmcp.server.transport.RpcSession;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The sessions of all clients, and the end of those that were left behind. */
final class StreamableSessions implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StreamableSessions.class);

  /** 192 bits: more than the 128 that make guessing hopeless, and no padding in Base64. */
  private static final int ID_BYTES = 24;

  /** A session that is made room with has been idle at least so long. */
  private static final Duration SURELY_LEFT = Duration.ofMinutes(1);

  /** After which it may be so. */
  static final int RETRY_SECONDS = (int) SURELY_LEFT.toSeconds();

  private static final int SWEEPS_PER_LIFE = 10;

  private final StreamableLimits limits;
  private final Supplier<? extends RpcSession> services;
  private final RpcCodec codec;
  private final SecureRandom random = new SecureRandom();
  private final Map<String, StreamableSession> open = new ConcurrentHashMap<>();
  private final Thread sweeper;

  StreamableSessions(
      StreamableLimits limits, Supplier<? extends RpcSession> services, RpcCodec codec) {
    this.limits = limits;
    this.services = services;
    this.codec = codec;
    this.sweeper = Thread.ofVirtual().name("session-sweep").start(this::sweepAgainAndAgain);
  }

  /**
   * A session that is not known to clients yet.
   *
   * @return empty if there are as many as there may be
   */
  Optional<StreamableSession> create(String principal) {
    long own = open.values().stream().filter(each -> each.belongsTo(principal)).count();
    if (own >= limits.maxSessionsPerPrincipal() && !makeRoom(each -> each.belongsTo(principal))
        || open.size() >= limits.maxSessions() && !makeRoom(_ -> true)) {
      return Optional.empty();
    }
    byte[] id = new byte[ID_BYTES];
    random.nextBytes(id);
    return Optional.of(
        new StreamableSession(
            Base64.getUrlEncoder().encodeToString(id),
            principal,
            services.get(),
            limits.stream(),
            codec));
  }

  private boolean makeRoom(Predicate<StreamableSession> among) {
    Optional<StreamableSession> longest =
        open.values().stream()
            .filter(among)
            .filter(session -> session.idle().compareTo(SURELY_LEFT) > 0)
            .max(Comparator.comparing(StreamableSession::idle));
    longest.ifPresent(this::end);
    return longest.isPresent();
  }

  /** From now on clients find it. */
  void admit(StreamableSession session) {
    open.put(session.id(), session);
  }

  /** A principal's session; those of others are as good as unknown. */
  Optional<StreamableSession> find(String id, String principal) {
    StreamableSession session = open.get(id);
    if (session == null || !session.belongsTo(principal)) {
      return Optional.empty();
    }
    session.use();
    return Optional.of(session);
  }

  /** All of them. */
  List<StreamableSession> all() {
    return List.copyOf(open.values());
  }

  void end(StreamableSession session) {
    open.remove(session.id());
    session.end();
  }

  private void sweepAgainAndAgain() {
    try {
      while (true) {
        Thread.sleep(limits.sessionIdle().dividedBy(SWEEPS_PER_LIFE));
        sweep();
      }
    } catch (InterruptedException e) {
      // The server stops.
    }
  }

  private void sweep() {
    for (StreamableSession session : all()) {
      if (session.idle().compareTo(limits.sessionIdle()) > 0) {
        LOG.debug("A session ends that nothing has used for {}", session.idle());
        end(session);
      }
    }
  }

  /** Ends all of them. */
  @Override
  public void close() {
    sweeper.interrupt();
    all().forEach(this::end);
  }
}
