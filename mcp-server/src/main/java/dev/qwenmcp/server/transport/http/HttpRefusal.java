package dev.qwenmcp.server.transport.http;

import dev.qwenmcp.server.transport.RequestId;
import dev.qwenmcp.server.transport.RpcCodec;
import dev.qwenmcp.server.transport.RpcError;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** An HTTP request that is answered with a status and a JSON-RPC error, and with nothing else. */
final class HttpRefusal extends Exception {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final transient RequestId id;
  private final transient RpcError error;

  HttpRefusal(int status, String message) {
    this(status, null, new RpcError(RpcError.INVALID_REQUEST, message));
  }

  /**
   * @param id of the request that is refused, null if it is not known
   */
  HttpRefusal(int status, RequestId id, RpcError error) {
    super(error.message(), null, false, false);
    this.status = status;
    this.id = id;
    this.error = error;
  }

  /** Answers with it. */
  void answer(HttpServletResponse response, RpcCodec codec) throws IOException {
    response.setStatus(status);
    JsonAnswer.write(response, codec.bytes(codec.error(id, error)));
  }
}
