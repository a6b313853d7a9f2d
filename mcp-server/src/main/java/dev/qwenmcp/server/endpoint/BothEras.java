package dev.qwenmcp.server.endpoint;

import dev.qwenmcp.server.protocol.modern.ModernProtocol;
import dev.qwenmcp.server.transport.RpcMessage;
import dev.qwenmcp.server.transport.RpcPeer;
import dev.qwenmcp.server.transport.RpcService;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/**
 * Both generations of MCP on one connection, message by message: a request that says by itself
 * which revision it is of goes to the stateless service, everything else to the session.
 */
final class BothEras implements RpcService {
  private final RpcService session;
  private final RpcService stateless;

  BothEras(RpcService session, RpcService stateless) {
    this.session = session;
    this.stateless = stateless;
  }

  @Override
  public Mono<JsonNode> answer(RpcMessage.Request request, RpcPeer peer) {
    return ModernProtocol.isMeant(request)
        ? stateless.answer(request, peer)
        : session.answer(request, peer);
  }

  @Override
  public void hear(RpcMessage.Notification notification) {
    session.hear(notification);
  }

  @Override
  public void ending() {
    session.ending();
    stateless.ending();
  }

  @Override
  public boolean acceptsBatches() {
    return session.acceptsBatches();
  }
}
