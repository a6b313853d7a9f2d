package dev.qwenmcp.server.transport;

import tools.jackson.databind.node.ObjectNode;

/** The client at the other end of a connection. */
public interface RpcPeer {

  /** Who it is: {@code "local"} over stdio. */
  String principal();

  /**
   * Sends a notification without waiting.
   *
   * @return false if the client reads too slowly or has gone, and the notification was dropped
   */
  boolean notify(String method, ObjectNode params);
}
