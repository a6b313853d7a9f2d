package dev.qwenmcp.server.cli;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One customer question from understanding to reply, in the tools that an AI client would call. */
final class DemoFlow {
  static final String QUESTION = "I want to book a table for two tonight.";

  /** What customers of the demo's hotel want; labels that the embedded model was trained on. */
  private static final List<String> INTENTS =
      List.of(
          "restaurant_reservation",
          "book_hotel",
          "cancel_reservation",
          "request_refund",
          "lost_luggage",
          "car_rental",
          "wifi_password",
          "order_checks");

  private static final int REPLY_TOKENS = 64;

  private final DemoClient client;
  private final DemoReport report;

  DemoFlow(DemoClient client, DemoReport report) {
    this.client = client;
    this.report = report;
  }

  void run(List<String> command, String question) throws IOException, CliException {
    report.title("A customer's question, answered over MCP by a model on this machine");
    start(command);
    ingest(DemoDocuments.load());

    report.step(3, "understand", "which of these does the customer want?");
    report.input("text", question);
    report.input("labels", String.join(", ", INTENTS));
    Timed understood =
        call("understand", Map.of("task", "classify", "text", question, "labels", INTENTS));
    String contextId = string(understood.content(), "context_id");
    Map<?, ?> best = map(list(understood.content(), "labels").getFirst());
    report.result(
        "intent", "%s (%.0f %%)".formatted(best.get("label"), 100 * number(best, "confidence")));
    report.cost(understood);
    report.input("context_id", contextId + "  (what the next steps start from)");

    report.step(4, "retrieve", "which passage says something about it?");
    report.input("context_id", "the same; the question is in there");
    Timed retrieved =
        call("retrieve", Map.of("context_id", contextId, "limit", 2, "collection", "demo"));
    List<?> passages = list(retrieved.content(), "passages");
    if (passages.isEmpty()) {
      report.result("passages", "none: no word of the question occurs in the documents");
    }
    for (Object passage : passages) {
      report.result("passage", quotation(map(passage)));
    }
    report.cost(retrieved);

    report.step(5, "generate", "the reply to the customer");
    report.input("context_id", "the same; question and passages are in there");
    Map<String, Object> arguments = new LinkedHashMap<>();
    arguments.put("context_id", contextId);
    arguments.put("max_tokens", REPLY_TOKENS);
    arguments.put("temperature", 0);
    Timed generated = call("generate", arguments);
    report.result("reply", string(generated.content(), "text"));
    for (Object source : list(generated.content(), "sources").stream().limit(1).toList()) {
      report.result("source", quotation(map(source)));
    }
    report.cost(generated);
    report.note(
        "The reply's sentence is by "
            + generated.content().get("model")
            + (generated.content().get("model").equals("nano")
                ? ", a model of 11 million parameters for demonstrations: it makes up details."
                    + " What is true stands in the source."
                : "; compare it with the source."));
    report.nextSteps(command);
  }

  private void start(List<String> command) throws CliException {
    report.step(1, "connect", "start the server as an MCP client does");
    report.input("command", String.join(" ", shortened(command)));
    long begin = System.nanoTime();
    String server = client.connect();
    report.result("server", server);
    report.result("tools", String.join(", ", client.tools()));
    report.seconds(begin);
  }

  private void ingest(List<Map<String, Object>> documents) throws CliException {
    report.step(2, "ingest", "what the hotel's staff know");
    report.input("documents", documents.size() + ", such as \"" + title(documents) + "\"");
    Timed ingested = call("ingest", Map.of("collection", "demo", "documents", documents));
    report.result("passages", ingested.content().get("total_passages") + " searchable");
    report.cost(ingested);
  }

  /** A tool's structured content and how long the client waited for it. */
  record Timed(Map<?, ?> content, double seconds) {}

  private Timed call(String tool, Map<String, Object> arguments) throws CliException {
    long begin = System.nanoTime();
    Map<?, ?> content = client.call(tool, arguments);
    return new Timed(content, (System.nanoTime() - begin) / 1e9);
  }

  private static String title(List<Map<String, Object>> documents) {
    return (String) documents.getFirst().get("title");
  }

  /** A class path would fill the screen. */
  private static List<String> shortened(List<String> command) {
    return command.stream().map(w -> w.length() > 200 ? w.substring(0, 200) + "…" : w).toList();
  }

  private static String quotation(Map<?, ?> passage) {
    return "[" + passage.get("title") + "] " + string(passage, "text").replaceAll("\\s+", " ");
  }

  private static String string(Map<?, ?> content, String key) {
    return (String) content.get(key);
  }

  private static double number(Map<?, ?> content, String key) {
    return ((Number) content.get(key)).doubleValue();
  }

  private static List<?> list(Map<?, ?> content, String key) {
    return (List<?>) content.get(key);
  }

  private static Map<?, ?> map(Object value) {
    return (Map<?, ?>) value;
  }
}
