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
 * The requests of one client from arrival to answer, and those to it.
 *
 * <p>Each well-formed request gets exactly one answer, unless the client cancels it: then none. A
 * malformed message gets an error and changes nothing else. Messages may come on any thread, and by
 * different ways: each brings the {@link Outlet} for its answer.
 */
public final class Connection {
  static final String CANCELLED = "notifications/cancelled";

  private static final Logger LOG = LoggerFactory.getLogger(Connection.class);
  private static final String DUPLICATE =
      "a request with this id is still running; give each request an id of its own";

  private final RpcService service;
  private final String principal;
  private final Outlet standing;
  private final RpcCodec codec = new RpcCodec();
  private final AskedClient asked = new AskedClient(codec);
  private final Map<RequestId, Running> running = new ConcurrentHashMap<>();
  private final AtomicInteger answering = new AtomicInteger();
  private final Object allAnswered = new Object();
  private volatile boolean closed;

  /**
   * @param principal who the client is
   * @param standing where notices go that belong to no request
   */
  public Connection(RpcService service, String principal, Outlet standing) {
    this.service = service;
    this.principal = principal;
    this.standing = standing;
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

  /** Takes one line of input; errors go to the outlet too. */
  void acceptLine(Utf8 line, Outlet outlet) {
    if (isBlank(line)) {
      return;
    }
    try {
      accept(codec.parse(line), outlet, Map.of());
    } catch (MalformedMessageException e) {
      outlet.send(codec.error(e.id(), e.error()));
    } catch (RuntimeException e) {
      LOG.error("A message could not be handled", e);
      outlet.send(codec.error(null, new RpcError(RpcError.INTERNAL_ERROR, "internal error")));
    }
  }

  /**
   * Takes a message or a batch. Where it has requests, the outlet gets one answer, or is told that
   * none comes; else it gets nothing.
   *
   * @param trace as {@link RpcPeer#trace}
   * @throws MalformedMessageException if it is not JSON-RPC; nothing has been done then
   */
  public Accepted accept(JsonNode node, Outlet outlet, Map<String, String> trace)
      throws MalformedMessageException {
    Sender sender = new Sender(outlet, trace);
    Disposable.Composite work = Disposables.composite();
    if (node instanceof ArrayNode batch) {
      boolean answered = acceptBatch(batch, sender, work);
      return new Accepted(answered, work);
    }
    RpcMessage message = codec.message(node);
    dispatch(message, ReplySlot.alone(outlet), sender, work);
    return new Accepted(message instanceof RpcMessage.Request, work);
  }

  /**
   * What became of a message.
   *
   * @param answered whether the outlet gets an answer, or hears that there is none
   * @param work disposing of it cancels the requests that still run, without answers
   */
  public record Accepted(boolean answered, Disposable work) {}

  /** Answers a line that was not kept because of its length. */
  void refuse(long length, int limit, Outlet outlet) {
    String message =
        "the message has %d bytes, more than the %d that this server reads; send less at once"
            .formatted(length, limit);
    outlet.send(codec.error(null, new RpcError(RpcError.INVALID_REQUEST, message)));
  }

  private static boolean isBlank(Utf8 line) {
    for (int i = line.from(); i < line.to(); i++) {
      byte b = line.bytes()[i];
      if (b != ' ' && b != '\t' && b != '\r') {
        return false;
      }
    }
    return true;
  }

  private boolean acceptBatch(ArrayNode messages, Sender sender, Disposable.Composite work)
      throws MalformedMessageException {
    if (!service.acceptsBatches()) {
      throw new MalformedMessageException(
          null,
          RpcError.INVALID_REQUEST,
          "batches belong to MCP 2025-03-26 only; send each message on its own");
    }
    if (messages.isEmpty()) {
      throw new MalformedMessageException(null, RpcError.INVALID_REQUEST, "the batch is empty");
    }
    ReplySlot.Batch batch = new ReplySlot.Batch(codec, sender.outlet());
    boolean answered = false;
    for (JsonNode node : messages) {
      ReplySlot slot = batch.slot();
      try {
        RpcMessage message = codec.message(node);
        answered |= message instanceof RpcMessage.Request;
        dispatch(message, slot, sender, work);
      } catch (MalformedMessageException e) {
        answered = true;
        slot.fill(codec.error(e.id(), e.error()));
      }
    }
    batch.complete();
    return answered;
  }

  private void dispatch(
      RpcMessage message, ReplySlot slot, Sender sender, Disposable.Composite work) {
    switch (message) {
      case RpcMessage.Request request -> start(request, slot, sender, work);
      case RpcMessage.Notification notification -> {
        slot.unused();
        if (notification.method().equals(CANCELLED)) {
          cancel(notification.params());
        } else {
          service.hear(notification);
        }
      }
      case RpcMessage.Response response -> {
        slot.unused();
        asked.answered(response);
      }
    }
  }

  private void start(
      RpcMessage.Request request, ReplySlot slot, Sender sender, Disposable.Composite work) {
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
    work.add(() -> stop(id, call));
    call.work()
        .update(
            Mono.defer(() -> service.answer(request, sender))
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
    LOG.debug("Request {} cancelled: {}", id, params.path("reason").asString(""));
    stop(id, call);
  }

  /** Cancels a call, unless its fate is decided. */
  private void stop(RequestId id, Running call) {
    if (call.settle()) {
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

  /** Whether any request is being worked on. */
  public boolean busy() {
    return !running.isEmpty() || answering.get() > 0;
  }

  /**
   * Waits until every request is answered; cancels what still runs after the limit and says so to
   * the client.
   *
   * @param why the client has to hear of it
   */
  public void drain(Duration limit, String why) throws InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    synchronized (allAnswered) {
      long left = deadline - System.nanoTime();
      while (busy() && left > 0) {
        allAnswered.wait(Math.max(1, left / 1_000_000));
        left = deadline - System.nanoTime();
      }
    }
    RpcError error =
        new RpcError(
            RpcError.STOPPING,
            why + " and the call did not finish within " + limit.toSeconds() + " s");
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
  public void abandon() {
    closed = true;
    asked.abandon();
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

  /** The client as the sender of a message whose answer goes to an outlet. */
  private final class Sender implements RpcPeer {
    private final Outlet outlet;
    private final Map<String, String> trace;

    Sender(Outlet outlet, Map<String, String> trace) {
      this.outlet = outlet;
      this.trace = Map.copyOf(trace);
    }

    Outlet outlet() {
      return outlet;
    }

    @Override
    public String principal() {
      return principal;
    }

    @Override
    public Map<String, String> trace() {
      return trace;
    }

    @Override
    public boolean notify(String method, ObjectNode params) {
      return outlet.offer(codec.notification(method, params));
    }

    @Override
    public boolean announce(String method, ObjectNode params) {
      return standing.offer(codec.notification(method, params));
    }

    @Override
    public Mono<JsonNode> request(String method, ObjectNode params, Duration limit) {
      return asked.request(method, params, limit, outlet);
    }
  }
}
