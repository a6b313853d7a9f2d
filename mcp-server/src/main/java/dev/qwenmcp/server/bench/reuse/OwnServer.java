package dev.qwenmcp.server.bench.reuse;

import dev.qwenmcp.server.bench.BenchException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Makes the calls of a {@link Flow} with this program's server. */
final class OwnServer implements AutoCloseable {
  /** More than any cold document takes; the calls write next to nothing. */
  private static final int BUDGET_SECONDS = 3600;

  private static final long POLL_MILLIS = 20;

  /** Leaves the model one answer, which it need not think of for long. */
  private static final String SCHEMA =
      """
      {"type": "object", "properties": {"harbour": {"enum": ["yes"]}}, "required": ["harbour"],
       "additionalProperties": false}\
      """;

  private static final String NOTE = "The tide tables of the old town are printed once a year.";

  private final ToolServer.Source source;
  private final List<SampleDocument> documents;
  private final List<String> contexts = new ArrayList<>(); // of each document, null before
  private final List<Double> starts = new ArrayList<>(); // seconds from start to loaded
  private ToolServer server;

  OwnServer(ToolServer.Source source, List<SampleDocument> documents) throws BenchException {
    this.source = source;
    this.documents = List.copyOf(documents);
    documents.forEach(_ -> contexts.add(null));
    start();
    warmUp();
  }

  private void start() throws BenchException {
    long begin = System.nanoTime();
    server = source.start();
    awaitModel();
    starts.add((System.nanoTime() - begin) * 1e-9);
  }

  /** Loading a model is not what is measured. */
  private void awaitModel() throws BenchException {
    while (true) {
      JsonNode model = server.call("list_models", object()).result().get("models").get(0);
      String state = model.get("state").asString();
      if (state.equals("ready")) {
        return;
      }
      if (state.equals("failed")) {
        throw new BenchException("the model cannot be loaded: " + model.path("detail").asString());
      }
      try {
        TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new BenchException("interrupted while the model was loading", e);
      }
    }
  }

  /** Each tool once, on a text of its own: the JVM and the grammar's tables are ready then. */
  private void warmUp() throws BenchException {
    String context =
        server.call("understand", summarise(NOTE)).result().get("context_id").asString();
    server.call("understand", extract(context));
    server.call("generate", question(context, 0));
    server.call("context_close", object().put("context_id", context));
  }

  /**
   * Makes a call.
   *
   * @throws BenchException if it fails, or if the model is not given the document
   */
  Reading ask(Call call) throws BenchException {
    SampleDocument document = documents.get(call.document());
    ToolServer.Answer answer =
        switch (call.task()) {
          case SUMMARISE -> server.call("understand", summarise(document.text()));
          case EXTRACT -> server.call("understand", extract(contexts.get(call.document())));
          case QUESTION ->
              server.call("generate", question(contexts.get(call.document()), call.number()));
          case QUESTION_IN_FORK ->
              server.call("generate", question(fork(call.document()), call.number()));
        };
    if (call.task() == Call.Task.SUMMARISE) {
      contexts.set(call.document(), answer.result().get("context_id").asString());
    }
    Reading reading = reading(answer);
    if (reading.promptTokens() < document.tokens()) {
      throw new BenchException(
          "prompts of this model do not hold the document: "
              + reading.promptTokens()
              + " tokens for a document of "
              + document.tokens()
              + "; choose a model of at least 100 million weights and a context that fits");
    }
    return reading;
  }

  private static Reading reading(ToolServer.Answer answer) {
    JsonNode usage = answer.result().get("usage");
    return new Reading(
        usage.get("prompt_tokens").asInt(),
        usage.get("cached_tokens").asInt(),
        usage.get("restored_tokens").asInt(),
        usage.get("prompt_seconds").asDouble(),
        answer.seconds() - usage.get("generate_seconds").asDouble());
  }

  private String fork(int document) throws BenchException {
    // Version 1 is the document alone.
    ObjectNode arguments = object().put("context_id", contexts.get(document)).put("version", 1);
    return server.call("context_fork", arguments).result().get("context_id").asString();
  }

  private static ObjectNode summarise(String text) {
    return budget().put("task", "summarise").put("text", text).put("max_tokens", 1);
  }

  private static ObjectNode extract(String context) {
    ObjectNode arguments = budget().put("task", "extract").put("context_id", context);
    arguments.set("schema", JsonMapper.shared().readTree(SCHEMA));
    return arguments;
  }

  private static ObjectNode question(String context, int number) {
    return budget()
        .put("context_id", context)
        .put("prompt", Questions.get(number))
        .put("max_tokens", 1)
        .put("temperature", 0);
  }

  private static ObjectNode budget() {
    return object().put("time_budget_seconds", BUDGET_SECONDS);
  }

  private static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  /** Ends the server and starts another one on the same data; what it knows it has from there. */
  void restart() throws BenchException {
    server.close();
    start();
  }

  /** Seconds from each start of a server until its model was loaded. */
  List<Double> starts() {
    return List.copyOf(starts);
  }

  @Override
  public void close() throws BenchException {
    server.close();
  }
}
