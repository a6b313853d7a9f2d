package dev.qwenmcp.server.job;

import dev.qwenmcp.server.protocol.Question;
import dev.qwenmcp.server.protocol.call.RegisteredTool;
import java.util.Map;
import java.util.function.Predicate;
import tools.jackson.databind.node.ObjectNode;

/**
 * What is to be done in the background.
 *
 * @param principal for whom
 * @param tool that is called
 * @param arguments of the call; belong to the job
 * @param answers whether whoever ordered it answers such questions
 * @param known answers that were given beforehand, by key
 */
public record JobOrder(
    String principal,
    RegisteredTool<?, ?> tool,
    ObjectNode arguments,
    Predicate<Question<?>> answers,
    Map<String, ObjectNode> known) {
  public JobOrder {
    known = Map.copyOf(known);
  }

  /** An order of somebody who answers no questions. */
  public JobOrder(String principal, RegisteredTool<?, ?> tool, ObjectNode arguments) {
    this(principal, tool, arguments, asked -> false, Map.of());
  }
}
