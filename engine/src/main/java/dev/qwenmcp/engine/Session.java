package dev.qwenmcp.engine;

import java.util.List;

/** One mutable inference timeline: token ids and their keys and values; one thread at a time. */
public final class Session implements AutoCloseable {

  Session() {}

  /** Ids so far, generated ones included. */
  public List<Integer> tokens() {
    throw new UnsupportedOperationException();
  }

  /**
   * Appends the request's prompt and generates after it.
   *
   * @throws ContextOverflowException if the prompt does not fit the context; nothing has changed
   */
  public GenerationResult generate(
      GenerationRequest request, TokenListener listener, Cancellation cancellation) {
    throw new UnsupportedOperationException();
  }

  /**
   * Log-likelihoods of each continuation after the session's tokens and {@code prompt}; the session
   * afterwards holds its tokens and the prompt.
   *
   * @return one sum of log-probabilities (natural logarithm) a continuation
   */
  public double[] score(int[] prompt, List<int[]> continuations, Cancellation cancellation) {
    throw new UnsupportedOperationException();
  }

  /**
   * Appends tokens and hands out the logits of every one of them.
   *
   * @param sink hears of each position in order; the array (vocabulary) is reused between calls
   * @throws ContextOverflowException if the tokens do not fit the context; nothing has changed
   */
  public void appendWithLogits(int[] tokens, LogitsSink sink) {
    throw new UnsupportedOperationException();
  }

  /** A session with the same tokens that shares their pages. */
  public Session fork() {
    throw new UnsupportedOperationException();
  }

  /** Forgets all tokens from {@code length} on. */
  public void truncate(int length) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {
    throw new UnsupportedOperationException();
  }
}
