package dev.qwenmcp.server.transport;

/** An {@link RpcService} that remembers one client from its first message to the end. */
public interface RpcSession extends RpcService, AutoCloseable {

  /** Forgets the client; calls are cancelled by whoever carries them. */
  @Override
  void close();
}
