package dev.qwenmcp.server.remote;

import java.time.Duration;

/** One request that failed. */
final class FailedAttempt extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient RemoteException failure;
  private final boolean begun;
  private final transient Duration retryAfter;

  /**
   * @param begun whether something of the answer had come
   * @param retryAfter what the server asks to wait, zero if nothing
   */
  FailedAttempt(RemoteException failure, boolean begun, Duration retryAfter) {
    super(failure);
    this.failure = failure;
    this.begun = begun;
    this.retryAfter = retryAfter;
  }

  RemoteException failure() {
    return failure;
  }

  boolean begun() {
    return begun;
  }

  Duration retryAfter() {
    return retryAfter;
  }
}
