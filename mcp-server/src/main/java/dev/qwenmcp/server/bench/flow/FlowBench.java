package dev.qwenmcp.server.bench.flow;

import dev.qwenmcp.server.flow.FlowEntry;
import dev.qwenmcp.server.flow.FlowTools;
import dev.qwenmcp.server.flow.run.FlowRunner;
import dev.qwenmcp.server.flow.run.RunReport;
import dev.qwenmcp.server.flow.run.RunState;
import dev.qwenmcp.server.flow.run.StepRecord;
import dev.qwenmcp.server.flow.sample.ShopFaq;
import dev.qwenmcp.server.protocol.ToolContext;
import dev.qwenmcp.server.protocol.ToolException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Runs the shipped customer-service flow on questions about the sample shop. */
public final class FlowBench {
  private static final String FLOW = "customer-service";
  private static final Duration BUDGET = Duration.ofMinutes(5);

  private final FlowTools flows;
  private final ToolContext call;

  public FlowBench(FlowTools flows, ToolContext call) {
    this.flows = flows;
    this.call = call;
  }

  /**
   * How a question went.
   *
   * @param asked what was asked
   * @param found entries found, the best first, each once
   * @param status of the reply
   * @param seconds of the whole flow
   */
  public record Outcome(AskedQuestion asked, List<String> found, String status, double seconds) {
    public Outcome {
      found = List.copyOf(found);
    }

    /** Whether the entry that answers it was found first. */
    public boolean first() {
      return !found.isEmpty() && found.getFirst().equals(asked.id());
    }
  }

  /**
   * Asks the first question twice, so that models are loaded and the sample is there, then each
   * question once.
   *
   * @throws ToolException if a flow cannot be run
   */
  public List<Outcome> measure(List<AskedQuestion> questions)
      throws ToolException, InterruptedException {
    ask(questions.getFirst());
    ask(questions.getFirst());
    List<Outcome> outcomes = new ArrayList<>();
    for (AskedQuestion question : questions) {
      outcomes.add(ask(question));
    }
    return outcomes;
  }

  private Outcome ask(AskedQuestion asked) throws ToolException, InterruptedException {
    FlowEntry entry = flows.library().contents().flows().get(FLOW);
    ObjectNode inputs = JsonNodeFactory.instance.objectNode().put("question", asked.question());
    long begin = System.nanoTime();
    RunReport report =
        flows
            .runner()
            .start(
                new FlowRunner.Order(entry.flow(), entry.declaration(), inputs, Optional.empty()),
                BUDGET,
                call);
    double seconds = (System.nanoTime() - begin) / 1e9;
    if (report.run().state() != RunState.FINISHED) {
      throw new ToolException("flow_failed", report.run().trouble());
    }
    List<String> found = new ArrayList<>();
    for (JsonNode passage : result(report, "found").path("passages")) {
      String id = ShopFaq.entryOf(passage.path("source").asString());
      if (!found.contains(id)) {
        found.add(id);
      }
    }
    return new Outcome(
        asked, found, report.run().output().orElseThrow().path("status").asString(), seconds);
  }

  private static JsonNode result(RunReport report, String step) {
    return report.steps().stream()
        .filter(s -> s.address().equals(step))
        .findFirst()
        .flatMap(StepRecord::result)
        .orElseThrow();
  }
}
