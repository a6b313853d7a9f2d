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
  private final int retrySeconds;

  HttpRefusal(int status, String message) {
    this(status, null, new RpcError(RpcError.INVALID_REQUEST, message));
  }

  /**
   * @param id of the request that is refused, null if it is not known
   */
  HttpRefusal(int status, RequestId id, RpcError error) {
    this(status, id, error, 0);
  }

  private HttpRefusal(int status, RequestId id, RpcError error, int retrySeconds) {
    super(error.message(), null, false, false);
    this.status = status;
    this.id = id;
    this.error = error;
    this.retrySeconds = retrySeconds;
  }

  /**
   * That there is no room at the moment.
   *
   * @param id of the request that is refused, null if it is not known
   * @param retrySeconds after which it may go better
   */
  static HttpRefusal busy(RequestId id, String message, int retrySeconds) {
    return new HttpRefusal(
        HttpServletResponse.SC_SERVICE_UNAVAILABLE,
        id,
        new RpcError(RpcError.BUSY, message),
        retrySeconds);
  }

  /** Answers with it. */
  void answer(HttpServletResponse response, RpcCodec codec) throws IOException {
    response.setStatus(status);
    if (retrySeconds > 0) {
      response.setHeader("Retry-After", Integer.toString(retrySeconds));
    }
    JsonAnswer.write(response, codec.bytes(codec.error(id, error)));
  }
}
