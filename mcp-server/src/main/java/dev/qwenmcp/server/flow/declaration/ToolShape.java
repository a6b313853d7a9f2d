package dev.qwenmcp.server.flow.declaration;

import tools.jackson.databind.node.ObjectNode;

/**
 * What a check knows of a tool.
 *
 * @param arguments JSON Schema of an object
 * @param result JSON Schema of an object
 */
public record ToolShape(ObjectNode arguments, ObjectNode result) {

  /** Whether it takes an argument of the name. */
  public boolean takes(String argument) {
    return arguments.path("properties").has(argument);
  }
}
