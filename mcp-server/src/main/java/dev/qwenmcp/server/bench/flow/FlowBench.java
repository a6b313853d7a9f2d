package dev.qwenmcp.server.bench.flow;

import dev.qwenmcp.server.flow.FlowEntry;
import dev.qwenmcp.server.flow.FlowTools;
import dev.qwenmcp.server.flow.declaration.Flow;
import dev.qwenmcp.server.flow.declaration.FlowCheck;
import dev.qwenmcp.server.flow.declaration.FlowFormatException;
import dev.qwenmcp.server.flow.declaration.FlowSource;
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

/** Runs the shipped customer-service flow on questions about the sample shop or own documents. */
public final class FlowBench {
  private static final String FLOW = "customer-service";
  private static final String OWN_COLLECTION = "bench";

  /** Puts own documents in as a client would. */
  private static final String INGEST =
      """
      flow: bench-documents
      inputs:
        documents: {type: array, description: What the tool ingest takes}
        collection: {type: string, description: Where they go}
      steps:
        - id: ingested
          tool: ingest
          with:
            collection: ${inputs.collection}
            documents: ${inputs.documents}
      """;

  private static final Duration BUDGET = Duration.ofMinutes(5);

  private final FlowTools flows;
  private final ToolContext call;
  private final Subject subject;

  /**
   * What is asked about.
   *
   * @param mode how passages are compared; empty for the flow's default
   * @param documents that are asked about, as the tool ingest takes them; empty for the sample shop
   */
  public record Subject(Optional<String> mode, Optional<JsonNode> documents) {}

  public FlowBench(FlowTools flows, ToolContext call, Subject subject) {
    this.flows = flows;
    this.call = call;
    this.subject = subject;
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

    /** Whether the knowledge base was said not to answer it. */
    boolean refused() {
      return status.equals("not_in_knowledge_base");
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
    if (subject.documents().isPresent()) {
      ingest(subject.documents().get());
    }
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
    subject.mode().ifPresent(mode -> inputs.put("mode", mode));
    if (subject.documents().isPresent()) {
      inputs.put("collection", OWN_COLLECTION);
    }
    long begin = System.nanoTime();
    RunReport report = run(entry.flow(), entry.declaration(), inputs);
    double seconds = (System.nanoTime() - begin) / 1e9;
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

  private void ingest(JsonNode documents) throws ToolException, InterruptedException {
    ObjectNode inputs = JsonNodeFactory.instance.objectNode().put("collection", OWN_COLLECTION);
    inputs.set("documents", documents);
    try {
      run(FlowCheck.read(INGEST, flows.runner().surroundings()), FlowSource.tree(INGEST), inputs);
    } catch (FlowFormatException e) {
      throw new IllegalStateException("the bench's own flow is wrong", e);
    }
  }

  private RunReport run(Flow flow, JsonNode declaration, ObjectNode inputs)
      throws ToolException, InterruptedException {
    RunReport report =
        flows
            .runner()
            .start(new FlowRunner.Order(flow, declaration, inputs, Optional.empty()), BUDGET, call);
    if (report.run().state() != RunState.FINISHED) {
      throw new ToolException("flow_failed", report.run().trouble());
    }
    return report;
  }

  private static JsonNode result(RunReport report, String step) {
    return report.steps().stream()
        .filter(s -> s.address().equals(step))
        .findFirst()
        .flatMap(StepRecord::result)
        .orElseThrow();
  }
}
