package dev.qwenmcp.server.transport;

import java.util.function.UnaryOperator;

/** An {@link RpcService} that remembers nothing between requests, and may be reached by HTTP. */
public interface StatelessService extends RpcService {

  /**
   * Makes sure that the headers of an HTTP request fit the message in its body.
   *
   * @param headers gives a header by name, null where it is absent
   * @throws RpcException if they do not
   */
  void check(RpcMessage message, UnaryOperator<String> headers);

  /** HTTP status of an answer with an error. */
  int status(int errorCode);
}
