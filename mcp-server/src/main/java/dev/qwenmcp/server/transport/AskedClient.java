package dev.qwenmcp.server.transport;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The requests that a server has sent to one client, until they are answered. */
final class AskedClient {
  private static final Logger LOG = LoggerFactory.getLogger(AskedClient.class);

  private final RpcCodec codec;
  private final AtomicLong lastId = new AtomicLong();
  private final Map<RequestId, MonoSink<JsonNode>> open = new ConcurrentHashMap<>();

  AskedClient(RpcCodec codec) {
    this.codec = codec;
  }

  /** As {@link RpcPeer#request}, through an outlet. */
  Mono<JsonNode> request(String method, ObjectNode params, Duration limit, Outlet outlet) {
    return Mono.<JsonNode>create(
            sink -> {
              RequestId id = new RequestId(lastId.incrementAndGet());
              open.put(id, sink);
              sink.onCancel(() -> forget(id, outlet));
              if (!outlet.offer(codec.request(id, method, params))) {
                open.remove(id);
                sink.error(unanswered(method + " could not be sent: the client reads nothing"));
              }
            })
        .timeout(limit)
        .onErrorMap(
            TimeoutException.class,
            e ->
                unanswered(
                    "the client did not answer %s in %d s".formatted(method, seconds(limit))));
  }

  private static long seconds(Duration limit) {
    return Math.max(1, limit.toSeconds());
  }

  private static RpcException unanswered(String message) {
    return new RpcException(RpcError.NO_ANSWER, message);
  }

  private void forget(RequestId id, Outlet outlet) {
    if (open.remove(id) != null) {
      ObjectNode params = JsonNodeFactory.instance.objectNode();
      params.set("requestId", id.json());
      params.put("reason", "the answer is no longer needed");
      outlet.offer(codec.notification(Connection.CANCELLED, params));
    }
  }

  /** Takes the client's answer. */
  void answered(RpcMessage.Response response) {
    MonoSink<JsonNode> sink = open.remove(response.id());
    if (sink == null) {
      LOG.debug("Dropped a response to {}, which was not asked or is over", response.id());
    } else if (response.error() != null) {
      sink.error(new RpcException(response.error()));
    } else {
      sink.success(response.result());
    }
  }

  /** Says to all who wait that the client has gone. */
  void abandon() {
    for (RequestId id : open.keySet()) {
      MonoSink<JsonNode> sink = open.remove(id);
      if (sink != null) {
        sink.error(unanswered("the client has gone"));
      }
    }
  }
}
