package dev.qwenmcp.server.transport;

import tools.jackson.databind.JsonNode;

/** Where messages to a client go: standard output, the answer to an HTTP request, a stream. */
public interface Outlet {

  /** Sends an answer, waiting for room; it is dropped if the client has gone. */
  void send(JsonNode answer);

  /** Says that the answer that {@link #send} was kept for will not come: the call was cancelled. */
  void nothing();

  /**
   * Sends a message without waiting.
   *
   * @return false if the client reads too slowly or has gone, and the message was dropped
   */
  boolean offer(JsonNode message);
}
