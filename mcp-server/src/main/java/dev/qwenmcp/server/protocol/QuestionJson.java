package dev.qwenmcp.server.protocol;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@link Question}s and their answers as MCP writes them, the same in every era. */
public final class QuestionJson {
  private QuestionJson() {}

  /** The method that asks it. */
  public static String method(Question<?> question) {
    return switch (question) {
      case Question.Form _, Question.Visit _ -> "elicitation/create";
      case Question.Sample _ -> "sampling/createMessage";
      case Question.Roots _ -> "roots/list";
    };
  }

  /**
   * Whether a client can answer it.
   *
   * @param capabilities as the client has declared them
   */
  public static boolean supported(Question<?> question, JsonNode capabilities) {
    JsonNode elicitation = capabilities.path("elicitation");
    return switch (question) {
      // Before 2025-11-25 there were forms only, and nothing was said of them.
      case Question.Form _ ->
          elicitation.isObject() && (elicitation.isEmpty() || elicitation.has("form"));
      case Question.Visit _ -> elicitation.has("url");
      case Question.Sample _ -> capabilities.path("sampling").isObject();
      case Question.Roots _ -> capabilities.path("roots").isObject();
    };
  }

  /** The parameters of the request that asks it. */
  public static ObjectNode params(Question<?> question) {
    ObjectNode params = JsonNodeFactory.instance.objectNode();
    switch (question) {
      case Question.Form form ->
          params.put("message", form.message()).set("requestedSchema", form.schema());
      case Question.Visit visit ->
          params
              .put("mode", "url")
              .put("message", visit.message())
              .put("url", visit.url())
              .put("elicitationId", visit.id());
      case Question.Sample sample -> {
        ArrayNode messages = params.putArray("messages");
        for (Question.Message message : sample.messages()) {
          messages
              .addObject()
              .put("role", message.role())
              .set("content", ContentJson.write(message.content()));
        }
        if (!sample.systemPrompt().isEmpty()) {
          params.put("systemPrompt", sample.systemPrompt());
        }
        params.put("maxTokens", sample.maxTokens());
      }
      case Question.Roots _ -> {
        // nothing to say
      }
    }
    return params;
  }

  /**
   * Reads what the client has answered.
   *
   * @throws ToolException with the code {@link Question#CLIENT_FAILED} if it is no answer to this
   */
  @SuppressWarnings("unchecked") // each question fixes the type of its answer
  public static <A> A answer(Question<A> question, JsonNode result) throws ToolException {
    return (A)
        switch (question) {
          case Question.Form _, Question.Visit _ -> formAnswer(result);
          case Question.Sample _ -> sampleAnswer(result);
          case Question.Roots _ -> roots(result);
        };
  }

  private static Question.FormAnswer formAnswer(JsonNode result) throws ToolException {
    String action = result.path("action").asString("");
    for (Question.Choice choice : Question.Choice.values()) {
      if (choice.name().toLowerCase(Locale.ROOT).equals(action)) {
        JsonNode content = result.get("content");
        boolean filled = choice == Question.Choice.ACCEPT && content instanceof ObjectNode;
        return new Question.FormAnswer(
            choice, filled ? (ObjectNode) content : JsonNodeFactory.instance.objectNode());
      }
    }
    throw failed("expected an action accept, decline or cancel");
  }

  private static Question.SampleAnswer sampleAnswer(JsonNode result) throws ToolException {
    return new Question.SampleAnswer(
        ContentJson.read(result.path("content")),
        result.path("model").asString(""),
        result.path("stopReason").asString(""));
  }

  private static List<Question.Root> roots(JsonNode result) throws ToolException {
    List<Question.Root> roots = new ArrayList<>();
    for (JsonNode root : result.path("roots")) {
      String uri = root.path("uri").asString("");
      if (uri.isEmpty()) {
        throw failed("expected roots with a uri each");
      }
      roots.add(new Question.Root(uri, root.path("name").asString("")));
    }
    return List.copyOf(roots);
  }

  private static ToolException failed(String expected) {
    return new ToolException(
        Question.CLIENT_FAILED, "the client's answer is not understood: " + expected);
  }

  /** Reads what the client declares, which is nothing where it declares no object. */
  public static JsonNode capabilities(JsonNode declared) {
    return Optional.ofNullable(declared)
        .filter(JsonNode::isObject)
        .orElseGet(JsonNodeFactory.instance::objectNode);
  }
}
