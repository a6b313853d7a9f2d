package dev.qwenmcp.server.protocol.legacy;

import dev.qwenmcp.server.protocol.CompletionJson;
import dev.qwenmcp.server.protocol.Completions;
import dev.qwenmcp.server.protocol.ToolException;
import dev.qwenmcp.server.transport.RpcError;
import dev.qwenmcp.server.transport.RpcException;
import dev.qwenmcp.server.transport.RpcMessage;
import dev.qwenmcp.server.transport.RpcPeer;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import tools.jackson.databind.JsonNode;

/**
 * The method {@code completion/complete}.
 *
 * @param threads where it is looked up, which may wait for a disk
 */
record CompletionMethod(Completions completions, Scheduler threads) {

  Mono<JsonNode> answer(RpcMessage.Request request, RpcPeer peer) {
    return Mono.<JsonNode>fromCallable(
            () -> {
              try {
                return CompletionJson.answer(completions, peer.principal(), request.params());
              } catch (ToolException e) {
                throw new RpcException(RpcError.INVALID_PARAMS, e.code() + ": " + e.getMessage());
              }
            })
        .subscribeOn(threads);
  }
}
