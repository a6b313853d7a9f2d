package dev.qwenmcp.server.transport;

/** A message that is not JSON-RPC; the client gets an error and the connection lives on. */
public final class MalformedMessageException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient RequestId id;
  private final transient RpcError error;

  /**
   * @param id the message's id if it could be read, else null
   */
  MalformedMessageException(RequestId id, int code, String message) {
    super(message, null, false, false);
    this.id = id;
    this.error = new RpcError(code, message);
  }

  /** The message's id if it could be read, else null. */
  public RequestId id() {
    return id;
  }

  /** What answers it. */
  public RpcError error() {
    return error;
  }
}
