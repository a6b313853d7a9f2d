package dev.qwenmcp.server.protocol;

import tools.jackson.databind.node.ObjectNode;

/**
 * A question as MCP puts it.
 *
 * @param method such as {@code elicitation/create}
 * @param params of the method
 */
public record ClientRequest(String method, ObjectNode params) {

  /** A question in MCP's form. */
  public static ClientRequest of(Question<?> question) {
    return new ClientRequest(QuestionJson.method(question), QuestionJson.params(question));
  }
}
