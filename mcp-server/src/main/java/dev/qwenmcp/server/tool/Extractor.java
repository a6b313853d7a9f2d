package dev.qwenmcp.server.tool;

import dev.qwenmcp.engine.FinishReason;
import dev.qwenmcp.engine.chat.ThinkingMode;
import dev.qwenmcp.server.protocol.ToolException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Extracts an object from a text: the model can write nothing but JSON that follows the schema.
 *
 * <p>The answer is checked once more by an independent validator before it is given out. For one
 * call, and one thread at a time.
 */
final class Extractor {
  private static final JsonMapper JSON = JsonMapper.shared();

  private final ObjectNode schema;
  private final String prompt;
  private final Map<String, String> values;
  private Ready latest; // null before the first

  /** A prompt and what it was made for: first its length is asked for, then it is read. */
  private record Ready(ChatModel model, String text, ThinkingMode thinking, PreparedPrompt prompt) {
    boolean suits(ChatModel otherModel, String otherText, ThinkingMode otherThinking) {
      return model == otherModel && text.equals(otherText) && thinking == otherThinking;
    }
  }

  /**
   * @throws ToolException if the schema is none, describes no object, or has keywords that cannot
   *     be kept while writing
   */
  Extractor(ObjectNode schema) throws ToolException {
    this(schema, "extract", Map.of());
  }

  /**
   * @param prompt name of the prompt that asks
   * @param values of its places beside document and schema
   * @throws ToolException as above
   */
  Extractor(ObjectNode schema, String prompt, Map<String, String> values) throws ToolException {
    this.schema = ofObject(schema);
    this.prompt = prompt;
    this.values = values;
    AnswerSchema.compile(this.schema);
  }

  /**
   * The schema, saying that it is for objects.
   *
   * @throws ToolException if it says that it is for something else
   */
  static ObjectNode ofObject(ObjectNode schema) throws ToolException {
    JsonNode type = schema.get("type");
    if (type == null) {
      return schema.deepCopy().put("type", "object");
    }
    if (!type.isString() || !type.asString().equals("object")) {
      throw new ToolException(
          "invalid_schema",
          "the schema has type %s; an object is extracted, so use type \"object\" and put the value into one of its properties"
              .formatted(type));
    }
    return schema;
  }

  /**
   * The object with what it cost.
   *
   * @param model that writes it
   * @param text what to extract from
   * @param maxTokens most tokens to write
   * @throws ToolException if tokens or time ended before the object was complete
   */
  Extracted extract(ChatModel model, String text, int maxTokens, Deadline deadline)
      throws ToolException, InterruptedException {
    ThinkingMode thinking = model.thinking(false);
    Held held = model.profile().readsTexts() ? new Held(schema, false) : narrowed(text);
    ChatReply result =
        model.chat(
            ChatRequest.json(
                prepare(model, text, thinking), held.schema, maxTokens, deadline.left()));
    if (result.finishReason() != FinishReason.STOP) {
      throw new ToolException(
          "incomplete_answer",
          "the answer was cut off (%s) after %d tokens, before the object was complete; raise max_tokens or time_budget_seconds, or bound strings and lists in the schema with maxLength and maxItems"
              .formatted(Finish.name(result.finishReason()), result.usage().generatedTokens()));
    }
    return new Extracted(checked(result.content()), held.fromText, result);
  }

  /** Tokens of the prompt for a text. */
  int promptTokens(ChatModel model, String text) throws ToolException {
    return prepare(model, text, model.thinking(false)).tokens();
  }

  private PreparedPrompt prepare(ChatModel model, String text, ThinkingMode thinking) {
    if (latest == null || !latest.suits(model, text, thinking)) {
      latest = new Ready(model, text, thinking, prepared(model, text, thinking));
    }
    return latest.prompt;
  }

  private PreparedPrompt prepared(ChatModel model, String text, ThinkingMode thinking) {
    PromptProfile profile = model.profile();
    Map<String, String> all = new HashMap<>(values);
    all.put("document", PromptParts.document(profile, text));
    all.put("schema", schema.toString());
    return model.prepare(PromptLibrary.get(profile, prompt).fill(all), thinking);
  }

  /** A value as an object if it follows the schema. */
  Optional<ObjectNode> valid(JsonNode value) {
    return value instanceof ObjectNode object && AnswerSchema.violations(schema, value).isEmpty()
        ? Optional.of(object)
        : Optional.empty();
  }

  /**
   * What was extracted.
   *
   * @param object follows the schema
   * @param fromText whether only words and numbers of the text were offered to the model
   * @param generation that wrote it
   */
  record Extracted(ObjectNode object, boolean fromText, ChatReply generation) {}

  /** The schema that the model is held to. */
  private record Held(ObjectNode schema, boolean fromText) {}

  /**
   * The schema for words of the text; where its parts then contradict each other, the given one.
   */
  private Held narrowed(String text) {
    ObjectNode narrow = SpanSchema.narrow(schema, text);
    try {
      AnswerSchema.compile(narrow);
      return new Held(narrow, true);
    } catch (ToolException e) {
      return new Held(schema, false);
    }
  }

  private ObjectNode checked(String json) throws ToolException {
    JsonNode value;
    try {
      value = JSON.readTree(json);
    } catch (JacksonException e) {
      throw new IllegalStateException(
          "the model was held to a schema and wrote what is no JSON: " + json, e);
    }
    List<String> errors = AnswerSchema.violations(schema, value);
    if (!errors.isEmpty() || !(value instanceof ObjectNode object)) {
      throw new ToolException(
          "unsupported_schema",
          "the answer %s does not follow the schema although it was held to it: %s; simplify the schema"
              .formatted(json, errors));
    }
    return object;
  }
}
