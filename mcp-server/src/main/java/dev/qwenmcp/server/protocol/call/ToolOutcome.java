package dev.qwenmcp.server.protocol.call;

import tools.jackson.databind.node.ObjectNode;

/** How a call ended, before a protocol era gives it its form. */
public sealed interface ToolOutcome {

  /**
   * The tool answered.
   *
   * @param structured conforms to the tool's result schema
   * @param text the same for readers of text
   */
  record Success(ObjectNode structured, String text) implements ToolOutcome {}

  /**
   * The tool did not answer; the model that called it may read why and mend the call.
   *
   * @param code stable, machine-readable
   * @param message what was wrong, what was expected, what to do
   */
  record Failure(String code, String message) implements ToolOutcome {}
}
