package dev.qwenmcp.server.protocol;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The method {@code completion/complete} of MCP, the same in every era. */
public final class CompletionJson {
  /** Name of the method. */
  public static final String METHOD = "completion/complete";

  /** As many values as MCP lets an answer have. */
  private static final int MOST = 100;

  private CompletionJson() {}

  /**
   * Answers it.
   *
   * @throws ToolException if the parameters are none, or as {@link Completions#complete}
   */
  public static ObjectNode answer(Completions completions, String principal, JsonNode params)
      throws ToolException {
    List<String> all = completions.complete(principal, query(params));
    ObjectNode result = JsonNodeFactory.instance.objectNode();
    ObjectNode completion = result.putObject("completion");
    ArrayNode values = completion.putArray("values");
    all.stream().limit(MOST).forEach(values::add);
    completion.put("total", all.size()).put("hasMore", all.size() > MOST);
    return result;
  }

  private static Completions.Query query(JsonNode params) throws ToolException {
    JsonNode argument = params.path("argument");
    Map<String, String> others = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> other :
        params.path("context").path("arguments").properties()) {
      others.put(other.getKey(), other.getValue().asString(""));
    }
    return new Completions.Query(
        target(params.path("ref")),
        required(argument.get("name"), "argument.name"),
        required(argument.get("value"), "argument.value"),
        others);
  }

  private static Completions.Target target(JsonNode ref) throws ToolException {
    return switch (ref.path("type").asString("")) {
      case "ref/prompt" -> new Completions.OfPrompt(required(ref.get("name"), "ref.name"));
      case "ref/resource" -> new Completions.OfTemplate(required(ref.get("uri"), "ref.uri"));
      default -> throw invalid("expected a ref of type ref/prompt or ref/resource");
    };
  }

  private static String required(JsonNode value, String name) throws ToolException {
    if (value == null || !value.isString()) {
      throw invalid("expected " + name + ", a string");
    }
    return value.stringValue();
  }

  private static ToolException invalid(String message) {
    return new ToolException("invalid_params", message);
  }
}
