package dev.qwenmcp.server.protocol.message;

import dev.qwenmcp.server.protocol.Content;
import dev.qwenmcp.server.protocol.ContentJson;
import dev.qwenmcp.server.protocol.Prompts;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Results of the methods that begin with {@code prompts/}. */
public final class PromptJson {
  private PromptJson() {}

  /** Of {@code prompts/list}. */
  public static ObjectNode list(List<Prompts.Listed> prompts) {
    ObjectNode result = JsonNodeFactory.instance.objectNode();
    ArrayNode list = result.putArray("prompts");
    for (Prompts.Listed prompt : prompts) {
      ObjectNode item = list.addObject();
      item.put("name", prompt.name())
          .put("title", prompt.title())
          .put("description", prompt.description());
      ArrayNode arguments = item.putArray("arguments");
      for (Prompts.Argument argument : prompt.arguments()) {
        arguments
            .addObject()
            .put("name", argument.name())
            .put("description", argument.description())
            .put("required", argument.required());
      }
    }
    return result;
  }

  /** Of {@code prompts/get}. */
  public static ObjectNode filled(Prompts.Filled prompt) {
    ObjectNode result = JsonNodeFactory.instance.objectNode();
    result.put("description", prompt.description());
    ArrayNode messages = result.putArray("messages");
    for (Content content : prompt.contents()) {
      messages.addObject().put("role", "user").set("content", ContentJson.write(content));
    }
    return result;
  }
}
