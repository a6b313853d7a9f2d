package dev.qwenmcp.server.flow;

import dev.qwenmcp.server.flow.declaration.ToolShape;
import dev.qwenmcp.server.flow.run.FlowTool;
import dev.qwenmcp.server.protocol.MissingCapabilityException;
import dev.qwenmcp.server.protocol.ToolContext;
import dev.qwenmcp.server.protocol.call.RegisteredTool;
import dev.qwenmcp.server.protocol.call.ToolOutcome;
import tools.jackson.databind.node.ObjectNode;

/** A tool of the server as flows call it: with the same checks as a client's call. */
record CalledTool(RegisteredTool<?, ?> tool) implements FlowTool {
  @Override
  public ToolShape shape() {
    return new ToolShape(tool.argumentSchema(), tool.resultSchema());
  }

  @Override
  public Outcome call(ObjectNode arguments, ToolContext call) {
    try {
      return switch (tool.call(arguments, call)) {
        case ToolOutcome.Success success -> new Answered(success.structured());
        case ToolOutcome.Failure failure -> new Failed(failure.code(), failure.message());
      };
    } catch (MissingCapabilityException e) {
      return new Failed("missing_capability", e.getMessage());
    }
  }
}
