package dev.qwenmcp.server.protocol.modern;

import dev.qwenmcp.server.protocol.ClientChannel;
import dev.qwenmcp.server.protocol.ClientRequest;
import dev.qwenmcp.server.protocol.InputRequiredException;
import dev.qwenmcp.server.protocol.LogLevel;
import dev.qwenmcp.server.protocol.MissingCapabilityException;
import dev.qwenmcp.server.protocol.schema.SchemaChecker;
import dev.qwenmcp.server.protocol.schema.SchemaViolationException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The client of one attempt at a request: it answers what it has brought the answers to, and ends
 * the attempt with the rest.
 */
final class ReplayedAnswers implements ClientChannel {
  private static final Set<String> ACTIONS = Set.of("accept", "decline", "cancel");

  private final ModernRequest request;
  private final ObjectNode brought;

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

  @Override
  public boolean answers(ClientRequest asked) {
    return request.meta().declares(asked.capability());
  }

  @Override
  public synchronized Map<String, ObjectNode> ask(SequencedMap<String, ClientRequest> requests) {
    Map<String, ObjectNode> answers = new LinkedHashMap<>();
    SequencedMap<String, ClientRequest> missing = new LinkedHashMap<>();
    for (Map.Entry<String, ClientRequest> each : requests.entrySet()) {
      ClientRequest asked = each.getValue();
      if (!answers(asked)) {
        throw new MissingCapabilityException(asked.capability());
      }
      JsonNode answer = brought.get(each.getKey());
      if (answer instanceof ObjectNode object && fits(asked, object)) {
        answers.put(each.getKey(), object);
        used.set(each.getKey(), object);
      } else {
        missing.put(each.getKey(), asked);
      }
    }
    if (!missing.isEmpty()) {
      throw new InputRequiredException(missing);
    }
    return answers;
  }

  /** Whether it is an answer to the request; one that is not is asked for again. */
  static boolean fits(ClientRequest asked, ObjectNode answer) {
    return switch (asked.method()) {
      case ClientRequest.ELICIT -> {
        String action = answer.path("action").asString("");
        yield ACTIONS.contains(action)
            && (!action.equals("accept") || fitsForm(asked, answer.get("content")));
      }
      case ClientRequest.SAMPLE -> answer.path("role").isString() && answer.has("content");
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
  public void log(LogLevel level, String logger, JsonNode data) {
    if (request.meta().logLevel().map(wanted -> level.compareTo(wanted) >= 0).orElse(false)) {
      ObjectNode params = JsonNodeFactory.instance.objectNode();
      params.put("level", level.word()).put("logger", logger).set("data", data);
      request.peer().notify("notifications/message", params);
    }
  }
}
