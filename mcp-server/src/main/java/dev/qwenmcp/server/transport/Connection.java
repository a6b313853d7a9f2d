package dev.qwenmcp.server.transport;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The requests of one client from arrival to answer.
 *
 * <p>Each well-formed request gets exactly one answer, unless the client cancels it: then none. A
 * malformed message gets an error and changes nothing else. Messages are accepted by one thread;
 * answers may come from any.
 */
final class Connection implements RpcPeer {
  private static final Logger LOG = LoggerFactory.getLogger(Connection.class);
  private static final String CANCELLED = "notifications/cancelled";
  private static final String LOCAL = "local";
  private static final String DUPLICATE =
      "a request with this id is still running; give each request an id of its own";

  private final RpcService service;
  private final LineWriter writer;
  private final RpcCodec codec = new RpcCodec();
  private final Map<RequestId, Running> running = new ConcurrentHashMap<>();
  private final AtomicInteger answering = new AtomicInteger();
  private final Object allAnswered = new Object();
  private volatile boolean closed;

  Connection(RpcService service, LineWriter writer) {
    this.service = service;
    this.writer = writer;
  }

  /** A request that has been given to the service and not been answered. */
  private record Running(ReplySlot slot, Disposable.Swap work, AtomicBoolean settled) {
    Running(ReplySlot slot) {
      this(slot, Disposables.swap(), new AtomicBoolean());
    }

    /** Whether the caller is the one that decides what becomes of it. */
    boolean settle() {
      return settled.compareAndSet(false, true);
    }
  }

  /** Takes one line of input. */
  void accept(byte[] line) {
    if (isBlank(line)) {
      return;
    }
    try {
      JsonNode node = codec.parse(line);
      if (node instanceof ArrayNode batch) {
        acceptBatch(batch);
      } else {
        dispatch(codec.message(node), ReplySlot.alone(this::send));
      }
    } catch (MalformedMessageException e) {
      send(codec.error(e.id(), e.error()));
    } catch (RuntimeException e) {
      LOG.error("A message could not be handled", e);
      send(codec.error(null, new RpcError(RpcError.INTERNAL_ERROR, "internal error")));
    }
  }

  /** Answers a line that was not kept because of its length. */
  void refuse(long length, int limit) {
    String message =
        "the message has %d bytes, more than the %d that this server reads; send less at once"
            .formatted(length, limit);
    send(codec.error(null, new RpcError(RpcError.INVALID_REQUEST, message)));
  }

  private static boolean isBlank(byte[] line) {
    for (byte b : line) {
      if (b != ' ' && b != '\t' && b != '\r') {
        return false;
      }
    }
    return true;
  }

  private void acceptBatch(ArrayNode messages) throws MalformedMessageException {
    if (!service.acceptsBatches()) {
      throw new MalformedMessageException(
          null,
          RpcError.INVALID_REQUEST,
          "batches belong to MCP 2025-03-26 only; send each message on a line of its own");
    }
    if (messages.isEmpty()) {
      throw new MalformedMessageException(null, RpcError.INVALID_REQUEST, "the batch is empty");
    }
    ReplySlot.Batch batch = new ReplySlot.Batch(codec, this::send);
    for (JsonNode node : messages) {
      ReplySlot slot = batch.slot();
      try {
        dispatch(codec.message(node), slot);
      } catch (MalformedMessageException e) {
        slot.fill(codec.error(e.id(), e.error()));
      }
    }
    batch.complete();
  }

  private void dispatch(RpcMessage message, ReplySlot slot) {
    switch (message) {
      case RpcMessage.Request request -> start(request, slot);
      case RpcMessage.Notification notification -> {
        slot.giveUp();
        if (notification.method().equals(CANCELLED)) {
          cancel(notification.params());
        } else {
          service.hear(notification);
        }
      }
      case RpcMessage.Response response -> {
        slot.giveUp();
        LOG.debug("Dropped a response to {}, which was never asked", response.id());
      }
    }
  }

  private void start(RpcMessage.Request request, ReplySlot slot) {
    RequestId id = request.id();
    Running call = new Running(slot);
    if (running.putIfAbsent(id, call) != null) {
      slot.fill(codec.error(id, new RpcError(RpcError.INVALID_REQUEST, DUPLICATE)));
      return;
    }
    if (closed) {
      abandon();
      return;
    }
    call.work()
        .update(
            Mono.defer(() -> service.answer(request, this))
                .switchIfEmpty(Mono.error(() -> new IllegalStateException("no answer")))
                .subscribe(
                    result -> finish(id, call, codec.result(id, result)),
                    failure -> finish(id, call, codec.error(id, errorOf(request, failure)))));
  }

  private void finish(RequestId id, Running call, ObjectNode response) {
    if (call.settle()) {
      settled(id, call, () -> call.slot().fill(response));
    }
  }

  /**
   * Ends a call whose fate the caller has decided. Its id is free before the client can read the
   * answer and use it again; until the answer is queued it counts as {@link #answering}.
   */
  private void settled(RequestId id, Running call, Runnable reply) {
    answering.incrementAndGet(); // before it leaves those that drain() waits for
    try {
      forget(id, call);
      reply.run();
    } finally {
      answering.decrementAndGet();
      signalAnswered();
    }
  }

  private static RpcError errorOf(RpcMessage.Request request, Throwable failure) {
    if (failure instanceof RpcException expected) {
      return expected.error();
    }
    String reference = UUID.randomUUID().toString();
    LOG.error("{} {} failed, reference {}", request.method(), request.id(), reference, failure);
    return new RpcError(
        RpcError.INTERNAL_ERROR, "internal error; the server's log has it under " + reference);
  }

  private void cancel(ObjectNode params) {
    RequestId id = RequestId.of(params.get("requestId"));
    Running call = id == null ? null : running.get(id);
    if (call == null) {
      LOG.debug("Nothing to cancel: {}", params);
      return;
    }
    if (call.settle()) {
      LOG.debug("Request {} cancelled: {}", id, params.path("reason").asString(""));
      settled(
          id,
          call,
          () -> {
            call.work().dispose();
            call.slot().giveUp(); // which may complete a batch
          });
    }
  }

  private void forget(RequestId id, Running call) {
    running.remove(id, call);
  }

  private void signalAnswered() {
    synchronized (allAnswered) {
      allAnswered.notifyAll();
    }
  }

  /**
   * Waits until every request is answered; cancels what still runs after the limit and says so to
   * the client.
   */
  void drain(Duration limit) throws InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    synchronized (allAnswered) {
      long left = deadline - System.nanoTime();
      while ((!running.isEmpty() || answering.get() > 0) && left > 0) {
        allAnswered.wait(Math.max(1, left / 1_000_000));
        left = deadline - System.nanoTime();
      }
    }
    RpcError error =
        new RpcError(
            RpcError.STOPPING,
            "the input ended and the call did not finish within " + limit.toSeconds() + " s");
    for (RequestId id : List.copyOf(running.keySet())) {
      Running call = running.get(id);
      if (call != null && call.settle()) {
        forget(id, call);
        call.work().dispose();
        call.slot().fill(codec.error(id, error));
      }
    }
  }

  /** Cancels everything, now and later, without answers: the client has gone. */
  void abandon() {
    closed = true;
    for (RequestId id : List.copyOf(running.keySet())) {
      Running call = running.get(id);
      if (call != null && call.settle()) {
        forget(id, call);
        call.work().dispose();
        call.slot().giveUp();
      }
    }
    signalAnswered();
  }

  private void send(JsonNode message) {
    writer.write(codec.line(message));
  }

  @Override
  public String principal() {
    return LOCAL;
  }

  @Override
  public boolean notify(String method, ObjectNode params) {
    return writer.offer(codec.line(codec.notification(method, params)));
  }
}
