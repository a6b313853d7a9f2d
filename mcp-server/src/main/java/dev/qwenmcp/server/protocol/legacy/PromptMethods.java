package dev.qwenmcp.server.protocol.legacy;

import dev.qwenmcp.server.protocol.Content;
import dev.qwenmcp.server.protocol.ContentJson;
import dev.qwenmcp.server.protocol.Prompts;
import dev.qwenmcp.server.protocol.ToolException;
import dev.qwenmcp.server.transport.RpcError;
import dev.qwenmcp.server.transport.RpcException;
import dev.qwenmcp.server.transport.RpcMessage;
import io.modelcontextprotocol.spec.McpSchema;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The methods of MCP that begin with {@code prompts/}. */
final class PromptMethods {
  static final Set<String> ALL = Set.of(McpSchema.METHOD_PROMPT_LIST, McpSchema.METHOD_PROMPT_GET);

  private final Prompts prompts;
  private final Scheduler threads;

  /**
   * @param threads where prompts are read, which may wait for a disk
   */
  PromptMethods(Prompts prompts, Scheduler threads) {
    this.prompts = prompts;
    this.threads = threads;
  }

  Mono<JsonNode> answer(RpcMessage.Request request) {
    return Mono.<JsonNode>fromCallable(() -> result(request)).subscribeOn(threads);
  }

  private ObjectNode result(RpcMessage.Request request) throws RpcException {
    if (request.method().equals(McpSchema.METHOD_PROMPT_LIST)) {
      return list();
    }
    JsonNode name = request.params().get("name");
    if (name == null || !name.isString()) {
      throw invalid("expected a name that is a string");
    }
    try {
      return filled(prompts.get(name.stringValue(), arguments(request)));
    } catch (ToolException e) {
      throw invalid(e.code() + ": " + e.getMessage());
    }
  }

  private static RpcException invalid(String message) {
    return new RpcException(RpcError.INVALID_PARAMS, message);
  }

  private static Map<String, String> arguments(RpcMessage.Request request) throws RpcException {
    Map<String, String> arguments = new LinkedHashMap<>();
    JsonNode given = request.params().get("arguments");
    if (given == null || given.isNull()) {
      return arguments;
    }
    if (!given.isObject()) {
      throw invalid("expected arguments that are an object");
    }
    for (Map.Entry<String, JsonNode> each : given.properties()) {
      if (!each.getValue().isString()) {
        throw invalid("expected an argument " + each.getKey() + " that is a string");
      }
      arguments.put(each.getKey(), each.getValue().stringValue());
    }
    return arguments;
  }

  private ObjectNode list() {
    ObjectNode result = JsonNodeFactory.instance.objectNode();
    ArrayNode list = result.putArray("prompts");
    for (Prompts.Listed prompt : prompts.list()) {
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

  private static ObjectNode filled(Prompts.Filled prompt) {
    ObjectNode result = JsonNodeFactory.instance.objectNode();
    result.put("description", prompt.description());
    ArrayNode messages = result.putArray("messages");
    for (Content content : prompt.contents()) {
      messages.addObject().put("role", "user").set("content", ContentJson.write(content));
    }
    return result;
  }
}
