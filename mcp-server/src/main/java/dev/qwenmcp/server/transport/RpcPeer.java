package dev.qwenmcp.server.transport;

import java.time.Duration;
import java.util.Map;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The client at the other end of a connection, as the one who sent a message. */
public interface RpcPeer {

  /** Who it is: {@code "local"} over stdio. */
  String principal();

  /**
   * {@code traceparent} and its companions of W3C Trace Context, where the transport has a place
   * for them; those in a request's {@code _meta} go first.
   */
  default Map<String, String> trace() {
    return Map.of();
  }

  /**
   * Sends a notification that belongs to the message, without waiting.
   *
   * @return false if the client reads too slowly or has gone, and the notification was dropped
   */
  boolean notify(String method, ObjectNode params);

  /**
   * Sends a notification that belongs to no message, and so outlives the answer to this one.
   *
   * @return false as for {@link #notify}
   */
  boolean announce(String method, ObjectNode params);

  /**
   * Asks the client something on behalf of its message, when subscribed to; disposing of the
   * subscription tells the client to forget it.
   *
   * @param limit how long to wait for the answer
   * @return the result; as error signals an {@link RpcException} with what the client said, or with
   *     {@link RpcError#NO_ANSWER} if it said nothing in time or can be asked nothing
   */
  Mono<JsonNode> request(String method, ObjectNode params, Duration limit);
}
