package dev.qwenmcp.server.protocol.call;

/** As many calls run and wait as the server allows. */
public final class TooManyCallsException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  TooManyCallsException(CallLimits limits) {
    super(
        "busy: %d calls are running and %d wait, which is the limit; let some end or cancel some"
            .formatted(limits.running(), limits.waiting()),
        null,
        false,
        false);
  }
}
