package dev.qwenmcp.server.transport;

import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** What answers the messages of one connection. */
public interface RpcService {

  /**
   * Answers a request. Work that takes time does not run on the subscribing thread, which is the
   * one that reads the input; disposing of the subscription cancels the work.
   *
   * @return the result, or an {@link RpcException} as the error signal
   */
  Mono<JsonNode> answer(RpcMessage.Request request, RpcPeer peer);

  /** Hears a notification; cancellation notices are dealt with before they get here. */
  void hear(RpcMessage.Notification notification);

  /**
   * No more messages come: answers that would go on for as long as the client listens end now.
   * Others are waited for.
   */
  default void ending() {}

  /** Whether messages may come in arrays, which only one revision of MCP allows. */
  boolean acceptsBatches();
}
