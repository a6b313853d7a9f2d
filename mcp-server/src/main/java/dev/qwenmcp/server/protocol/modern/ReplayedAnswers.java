package dev.qwenmcp.server.protocol.modern;

import dev.qwenmcp.engine.Cancellation;
import dev.qwenmcp.server.protocol.Answers;
import dev.qwenmcp.server.protocol.CallClient;
import dev.qwenmcp.server.protocol.ClientRequest;
import dev.qwenmcp.server.protocol.InputRequiredException;
import dev.qwenmcp.server.protocol.LogLevel;
import dev.qwenmcp.server.protocol.Question;
import dev.qwenmcp.server.protocol.QuestionJson;
import dev.qwenmcp.server.protocol.ToolException;
import dev.qwenmcp.server.protocol.schema.SchemaChecker;
import dev.qwenmcp.server.protocol.schema.SchemaViolationException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The client of one attempt at a request: it answers what it has brought the answers to, and ends
 * the attempt with the rest.
 */
final class ReplayedAnswers implements CallClient {
  private static final Set<String> ACTIONS = Set.of("accept", "decline", "cancel");

  private final ModernRequest request;
  private final ObjectNode brought;
  private final AtomicInteger unnamed = new AtomicInteger();

  /** Answers that the call has used: what the next attempt need not be told again. */
  private final ObjectNode used = JsonNodeFactory.instance.objectNode();

  /**
   * @param sealed answers of earlier attempts, which a client cannot change any more
   */
  ReplayedAnswers(ModernRequest request, ObjectNode sealed) {
    this.request = request;
    this.brought = responses(request);
    sealed.properties().forEach(e -> brought.set(e.getKey(), e.getValue()));
  }

  private static ObjectNode responses(ModernRequest request) {
    JsonNode given = request.params().get("inputResponses");
    if (given == null) {
      return JsonNodeFactory.instance.objectNode();
    }
    if (!(given instanceof ObjectNode responses)) {
      throw ModernError.invalid("expected inputResponses that are an object");
    }
    return responses.deepCopy();
  }

  synchronized ObjectNode used() {
    return used.deepCopy();
  }

  /** Whether the client has declared that it answers such questions. */
  boolean answers(Question<?> question) {
    return QuestionJson.supported(question, request.meta().capabilities());
  }

  /** Questions without a key are told apart by their order, which is the same in each attempt. */
  @Override
  public <A> Optional<A> ask(Question<A> question, Cancellation call) throws ToolException {
    SequencedMap<String, Question<?>> questions = new LinkedHashMap<>();
    String key = "question_" + unnamed.incrementAndGet();
    questions.put(key, question);
    return askAll(questions, call).map(answers -> answers.to(key, question));
  }

  @Override
  public synchronized Optional<Answers> askAll(
      SequencedMap<String, Question<?>> questions, Cancellation call) throws ToolException {
    if (!questions.values().stream().allMatch(this::answers)) {
      return Optional.empty();
    }
    Map<String, Object> answers = new LinkedHashMap<>();
    SequencedMap<String, ClientRequest> missing = new LinkedHashMap<>();
    for (Map.Entry<String, Question<?>> each : questions.entrySet()) {
      ClientRequest asked = ClientRequest.of(each.getValue());
      JsonNode answer = brought.get(each.getKey());
      if (answer instanceof ObjectNode object && fits(asked, object)) {
        answers.put(each.getKey(), QuestionJson.answer(each.getValue(), object));
        used.set(each.getKey(), object);
      } else {
        missing.put(each.getKey(), asked);
      }
    }
    if (!missing.isEmpty()) {
      throw new InputRequiredException(missing);
    }
    return Optional.of(new Answers(answers));
  }

  /** Whether it is an answer to the request; one that is not is asked for again. */
  static boolean fits(ClientRequest asked, ObjectNode answer) {
    return switch (asked.method()) {
      case "elicitation/create" -> {
        String action = answer.path("action").asString("");
        yield ACTIONS.contains(action)
            && (!action.equals("accept") || fitsForm(asked, answer.get("content")));
      }
      case "sampling/createMessage" -> answer.path("role").isString() && answer.has("content");
      default -> answer.path("roots").isArray();
    };
  }

  private static boolean fitsForm(ClientRequest asked, JsonNode content) {
    if (!(asked.params().get("requestedSchema") instanceof ObjectNode schema)) {
      return true; // a page to visit
    }
    if (content == null) {
      return false;
    }
    try {
      new SchemaChecker(schema).check(content);
      return true;
    } catch (SchemaViolationException e) {
      return false;
    }
  }

  @Override
  public void log(LogLevel level, String logger, String message) {
    if (request.meta().logLevel().map(wanted -> level.compareTo(wanted) >= 0).orElse(false)) {
      ObjectNode params = JsonNodeFactory.instance.objectNode();
      params.put("level", level.written()).put("logger", logger).put("data", message);
      request.peer().notify("notifications/message", params);
    }
  }
}
