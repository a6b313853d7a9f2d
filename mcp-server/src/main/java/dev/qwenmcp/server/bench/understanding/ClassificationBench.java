package dev.qwenmcp.server.bench.understanding;

import dev.qwenmcp.server.bench.BenchException;
import dev.qwenmcp.server.bench.reuse.ToolServer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Makes a label set of the examples of {@link IntentData} and classifies its test texts by it. */
public final class ClassificationBench {
  private static final int EXAMPLES_A_CALL = 5000;
  private static final int WARM_UP = 50;
  private static final int BUDGET_SECONDS = 3600;
  private static final String SET = "bench";

  private final ToolServer server;

  public ClassificationBench(ToolServer server) {
    this.server = server;
  }

  /**
   * What was measured.
   *
   * @param data name of the set
   * @param labels how many there are
   * @param examples how many there are
   * @param trainSeconds to embed the examples and to train
   * @param accuracy of the likeliest label, on texts in scope
   * @param inScope share of the texts in scope that got their label and were not turned away
   * @param outOfScope how many texts out of scope there are
   * @param recall share of these that were turned away
   * @param medianMillis time of a call that half of them take at most, over standard input and
   *     output
   * @param p95Millis time that 95 % take at most
   */
  public record Report(
      String data,
      int labels,
      int examples,
      double trainSeconds,
      int tests,
      double accuracy,
      double inScope,
      int outOfScope,
      double recall,
      double medianMillis,
      double p95Millis) {}

  /**
   * Measures a set.
   *
   * @throws BenchException if the server fails
   */
  public Report measure(IntentData data) throws BenchException {
    server.call("label_set", action("define").put("replace", true));
    add(data.train());
    double train = server.call("label_set", action("train")).seconds();
    Set<String> known = new HashSet<>();
    data.train().forEach(item -> known.add(item.label()));
    for (int i = 0; i < Math.min(WARM_UP, data.test().size()); i++) {
      classify(data.test().get(i).text());
    }
    double[] millis = new double[data.test().size()];
    int right = 0;
    int kept = 0;
    int outside = 0;
    int refused = 0;
    for (int i = 0; i < millis.length; i++) {
      IntentData.Item item = data.test().get(i);
      ToolServer.Answer answer = classify(item.text());
      JsonNode result = answer.result();
      millis[i] = answer.seconds() * 1e3;
      if (!known.contains(item.label())) {
        outside++;
        refused += result.get("none_fits").asBoolean() ? 1 : 0;
        continue;
      }
      right += result.get("labels").get(0).get("label").asString().equals(item.label()) ? 1 : 0;
      kept += result.path("label").asString("").equals(item.label()) ? 1 : 0;
    }
    int inside = millis.length - outside;
    Arrays.sort(millis);
    return new Report(
        data.name(),
        known.size(),
        data.train().size(),
        train,
        inside,
        (double) right / inside,
        (double) kept / inside,
        outside,
        outside == 0 ? 0 : (double) refused / outside,
        millis[millis.length / 2],
        millis[(int) Math.ceil(0.95 * millis.length) - 1]);
  }

  private void add(List<IntentData.Item> items) throws BenchException {
    for (int from = 0; from < items.size(); from += EXAMPLES_A_CALL) {
      ObjectNode arguments = action("add");
      ArrayNode examples = arguments.putArray("examples");
      for (IntentData.Item item :
          items.subList(from, Math.min(from + EXAMPLES_A_CALL, items.size()))) {
        examples.addObject().put("text", item.text()).put("label", item.label());
      }
      server.call("label_set", arguments);
    }
  }

  private ToolServer.Answer classify(String text) throws BenchException {
    ToolServer.Answer answer =
        server.call(
            "understand",
            object()
                .put("task", "classify")
                .put("text", text)
                .put("label_set", SET)
                .put("time_budget_seconds", BUDGET_SECONDS));
    String context = answer.result().get("context_id").asString();
    server.call("context_close", object().put("context_id", context));
    return answer;
  }

  private static ObjectNode action(String action) {
    return object().put("action", action).put("name", SET);
  }

  private static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }
}
