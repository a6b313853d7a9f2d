package dev.qwenmcp.server.transport;

import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/** The client at the other end of a connection. */
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
   * Sends a notification without waiting.
   *
   * @return false if the client reads too slowly or has gone, and the notification was dropped
   */
  boolean notify(String method, ObjectNode params);
}
