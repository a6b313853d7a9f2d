package dev.qwenmcp.server.protocol.modern;

import dev.qwenmcp.server.protocol.InputRequiredException;
import dev.qwenmcp.server.protocol.MissingCapabilityException;
import dev.qwenmcp.server.protocol.Prompts;
import dev.qwenmcp.server.protocol.ToolException;
import dev.qwenmcp.server.protocol.message.PromptJson;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The methods that begin with {@code prompts/}; they may wait for a disk. */
final class PromptMethods {
  private final Prompts prompts;
  private final RequestState state;

  PromptMethods(Prompts prompts, RequestState state) {
    this.prompts = prompts;
    this.state = state;
  }

  ObjectNode list() {
    return CacheHint.CHANGEABLE.on(PromptJson.list(prompts.list()));
  }

  ObjectNode get(ModernRequest request) throws InterruptedException {
    String name = request.string("name");
    ObjectNode given = request.object("arguments");
    Map<String, String> arguments = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> each : given.properties()) {
      if (!each.getValue().isString()) {
        throw ModernError.invalid("expected an argument " + each.getKey() + " that is a string");
      }
      arguments.put(each.getKey(), each.getValue().stringValue());
    }
    Attempt attempt = Attempt.of(request, state, name, given);
    try {
      return PromptJson.filled(prompts.get(name, arguments, attempt.client()));
    } catch (InputRequiredException e) {
      return attempt.incomplete(e);
    } catch (MissingCapabilityException e) {
      throw ModernError.missingCapability(e.capability());
    } catch (ToolException e) {
      throw ModernError.invalid(e.code() + ": " + e.getMessage());
    }
  }
}
