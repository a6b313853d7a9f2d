package dev.qwenmcp.server.job;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** How a job ended. */
public sealed interface JobEnding {
  /** The server failed. */
  int INTERNAL_ERROR = -32603;

  /** The tool needs a client that answers its questions. */
  int MISSING_CAPABILITY = -32021;

  /** Outside of what JSON-RPC and MCP keep for themselves. */
  int SERVER_ENDED = -31002;

  /** The server that ran the job has ended. */
  Refusal INTERRUPTED =
      Refusal.of(
          SERVER_ENDED,
          "interrupted: the server that ran the job ended before it; job_start with resume begins it"
              + " again, or goes on where a flow was");

  /** The job's principal has called it off. */
  Refusal CANCELLED = Refusal.of(SERVER_ENDED, "the job was cancelled");

  /**
   * The tool came to an end.
   *
   * @param result as {@code tools/call} gives it, the tool's own failures too
   */
  record Result(ObjectNode result) implements JobEnding {}

  /**
   * The call could not be carried out.
   *
   * @param error a JSON-RPC error object
   */
  record Refusal(ObjectNode error) implements JobEnding {
    /**
     * A refusal without data.
     *
     * @param code of JSON-RPC
     */
    public static Refusal of(int code, String message) {
      return new Refusal(
          JsonNodeFactory.instance.objectNode().put("code", code).put("message", message));
    }
  }
}
