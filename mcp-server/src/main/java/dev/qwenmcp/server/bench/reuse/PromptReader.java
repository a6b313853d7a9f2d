package dev.qwenmcp.server.bench.reuse;

import dev.qwenmcp.server.bench.BenchException;
import java.util.List;

/** Another program that keeps what it has read, at the level of token ids. */
public interface PromptReader extends AutoCloseable {

  /**
   * A prompt to read: the beginning of a document's tokens, which all its prompts share, and a task
   * of its own.
   *
   * @param document tells documents apart
   * @param documentTokens how many of the document's tokens
   * @param task tells tasks apart
   * @param taskTokens how many tokens follow
   */
  record Prompt(int document, int documentTokens, int task, int taskTokens) {}

  /**
   * Reads a prompt up to the logits of its last token.
   *
   * @param phase for the first cold prompt of all, several settings may be tried and the fastest
   *     kept
   */
  Reading read(Prompt prompt, Call.Phase phase) throws BenchException;

  /** Ends the program and starts it again; what its user can keep over that is kept. */
  void restart() throws BenchException;

  /** How it was run and what is counted, a line each; complete once everything is read. */
  List<String> conditions();

  @Override
  void close();

  /** Loads it. */
  @FunctionalInterface
  interface Source {
    /**
     * @param contextTokens longest prompt
     */
    PromptReader open(int contextTokens) throws BenchException;
  }
}
