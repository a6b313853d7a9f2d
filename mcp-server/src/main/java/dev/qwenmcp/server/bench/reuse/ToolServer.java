package dev.qwenmcp.server.bench.reuse;

import dev.qwenmcp.server.bench.BenchException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A server of this program in a process of its own, as a client sees it. */
public interface ToolServer extends AutoCloseable {

  /**
   * What a call gave.
   *
   * @param result its structured content
   * @param seconds from the first byte of the request to the last of the answer
   */
  record Answer(JsonNode result, double seconds) {}

  /**
   * Calls a tool and waits.
   *
   * @throws BenchException if the tool or the server fails
   */
  Answer call(String tool, ObjectNode arguments) throws BenchException;

  /** Ends it and waits until it has ended. */
  @Override
  void close() throws BenchException;

  /** Starts one; all that one source starts share a data folder. */
  @FunctionalInterface
  interface Source {
    ToolServer start() throws BenchException;
  }
}
