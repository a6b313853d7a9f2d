package dev.qwenmcp.server.protocol.call;

/** As many calls run as the server allows. */
public final class TooManyCallsException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  TooManyCallsException(int limit) {
    super(
        "busy: %d calls are running, which is the limit; wait for one to end or cancel one"
            .formatted(limit),
        null,
        false,
        false);
  }
}
