package dev.qwenmcp.server.flow.run;

import dev.qwenmcp.server.flow.declaration.ToolShape;
import dev.qwenmcp.server.protocol.ToolContext;
import tools.jackson.databind.node.ObjectNode;

/** A tool as flows see it. */
public interface FlowTool {

  /** Its schemas. */
  ToolShape shape();

  /** Answers a call on the calling thread. */
  Outcome call(ObjectNode arguments, ToolContext call);

  /** How a call ended. */
  sealed interface Outcome {}

  /** It answered. */
  record Answered(ObjectNode result) implements Outcome {}

  /** It did not. */
  record Failed(String code, String message) implements Outcome {}
}
