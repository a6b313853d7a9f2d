package dev.qwenmcp.server.transport;

/** Carries the {@link RpcError} that answers a request. */
public final class RpcException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient RpcError error;

  public RpcException(RpcError error) {
    super(error.code() + ": " + error.message(), null, false, false);
    this.error = error;
  }

  public RpcException(int code, String message) {
    this(new RpcError(code, message));
  }

  public RpcError error() {
    return error;
  }
}
