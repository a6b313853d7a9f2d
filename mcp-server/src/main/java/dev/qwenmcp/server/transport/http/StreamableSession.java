package dev.qwenmcp.server.transport.http;

import dev.qwenmcp.server.transport.Connection;
import dev.qwenmcp.server.transport.RpcCodec;
import dev.qwenmcp.server.transport.RpcSession;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** One client's session over Streamable HTTP. */
final class StreamableSession {
  /** Answers that clients may come back to, those that are complete included. */
  private static final int KEPT_STREAMS = 16;

  private final String id;
  private final String principal;
  private final StreamLimits limits;
  private final RpcSession service;
  private final RpcCodec codec;
  private final EventStream notices;
  private final Connection connection;
  private final Map<Long, EventStream> answers = new LinkedHashMap<>();
  private long lastStream;
  private volatile long usedNanos = System.nanoTime();

  StreamableSession(
      String id, String principal, RpcSession service, StreamLimits limits, RpcCodec codec) {
    this.id = id;
    this.principal = principal;
    this.service = service;
    this.limits = limits;
    this.codec = codec;
    this.notices = new EventStream(0, limits, codec);
    this.connection = new Connection(service, principal, notices);
  }

  String id() {
    return id;
  }

  boolean belongsTo(String other) {
    return principal.equals(other);
  }

  Connection connection() {
    return connection;
  }

  /** What the server has to say that answers nothing. */
  EventStream notices() {
    return notices;
  }

  /** A stream for one answer. */
  synchronized EventStream answerStream() {
    return new EventStream(++lastStream, limits, codec);
  }

  /** Lets a client that loses the connection come back to an answer. */
  synchronized void keep(EventStream answer) {
    answers.put(answer.id(), answer);
    Iterator<EventStream> oldest = answers.values().iterator();
    while (answers.size() > KEPT_STREAMS && oldest.hasNext()) {
      if (oldest.next().ended()) {
        oldest.remove();
      }
    }
  }

  /** The stream of a place that {@link EventStream#place} named, if it is still known. */
  synchronized Optional<EventStream> stream(long number) {
    return Optional.ofNullable(number == 0 ? notices : answers.get(number));
  }

  void use() {
    usedNanos = System.nanoTime();
  }

  /** How long nothing has used it. */
  Duration idle() {
    if (connection.busy() || notices.attended()) {
      return Duration.ZERO;
    }
    return Duration.ofNanos(System.nanoTime() - usedNanos);
  }

  /** Cancels its calls and forgets the client. */
  void end() {
    connection.abandon();
    notices.nothing();
    service.close();
  }
}
