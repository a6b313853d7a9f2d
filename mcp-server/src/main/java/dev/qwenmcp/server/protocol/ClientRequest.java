package dev.qwenmcp.server.protocol;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Something that the server wants from the client: from its user, its model, or its folders.
 *
 * @param method of MCP: {@code elicitation/create}, {@code sampling/createMessage} or {@code
 *     roots/list}
 * @param params of the method
 */
public record ClientRequest(String method, ObjectNode params) {
  /** Asks the user to fill in a form. */
  public static final String ELICIT = "elicitation/create";

  /** Asks the client's model. */
  public static final String SAMPLE = "sampling/createMessage";

  /** Asks which folders the client works in. */
  public static final String LIST_ROOTS = "roots/list";

  /**
   * A form for the user.
   *
   * @param message that says what is asked for and why
   * @param schema of an object whose properties are strings, numbers, booleans or choices
   */
  public static ClientRequest elicit(String message, ObjectNode schema) {
    ObjectNode params = JsonNodeFactory.instance.objectNode();
    params.put("mode", "form").put("message", message).set("requestedSchema", schema);
    return new ClientRequest(ELICIT, params);
  }

  /** A question to the client's model, in MCP's form. */
  public static ClientRequest sample(ObjectNode params) {
    return new ClientRequest(SAMPLE, params);
  }

  /** The client's folders. */
  public static ClientRequest listRoots() {
    return new ClientRequest(LIST_ROOTS, JsonNodeFactory.instance.objectNode());
  }

  /** The capability that a client declares if it answers this. */
  public String capability() {
    return method.substring(0, method.indexOf('/'));
  }
}
