package dev.qwenmcp.server.flow.run;

import dev.qwenmcp.server.flow.declaration.Flow;
import dev.qwenmcp.server.flow.declaration.FlowCheck;
import dev.qwenmcp.server.flow.declaration.FlowFormatException;
import dev.qwenmcp.server.flow.declaration.FlowLimits;
import dev.qwenmcp.server.flow.declaration.Step;
import dev.qwenmcp.server.protocol.ToolContext;
import dev.qwenmcp.server.protocol.ToolException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Runs flows, and goes on with runs that stand still; safe for many threads. */
public final class FlowRunner {
  private static final int ID_BYTES = 16;

  private final Map<String, FlowTool> tools;
  private final Map<String, Supplier<JsonNode>> samples;
  private final RunStore store;
  private final RandomGenerator random;
  private final InstantSource clock;

  /**
   * @param tools that steps may call, among them context_open and context_fork
   * @param samples values that come with the program, as {@code samples.NAME}; asked for when a
   *     flow refers to one
   * @param random makes handles that nobody can guess
   */
  public FlowRunner(
      Map<String, FlowTool> tools,
      Map<String, Supplier<JsonNode>> samples,
      RunStore store,
      RandomGenerator random,
      InstantSource clock) {
    this.tools = Map.copyOf(tools);
    this.samples = Map.copyOf(samples);
    this.store = store;
    this.random = random;
    this.clock = clock;
  }

  /** What declarations are checked against. */
  public FlowCheck.Surroundings surroundings() {
    return new FlowCheck.Surroundings(
        tools.entrySet().stream()
            .collect(Collectors.toMap(Map.Entry::getKey, e -> e.getValue().shape())),
        samples.keySet());
  }

  /**
   * What is to be run.
   *
   * @param flow checked
   * @param declaration what it was read from, kept with the run
   * @param inputs given by the caller
   * @param contextId the context to work in; a new one if empty
   */
  public record Order(
      Flow flow, JsonNode declaration, ObjectNode inputs, Optional<String> contextId) {}

  /**
   * Runs a flow from its beginning.
   *
   * @param budget after which the run stops, to be resumed
   * @throws ToolException if an input is missing or wrong, or the run cannot be written down
   * @throws InterruptedException if the call was cancelled; the run can be resumed
   */
  public RunReport start(Order order, Duration budget, ToolContext call)
      throws ToolException, InterruptedException {
    ObjectNode inputs = inputs(order.flow(), order.inputs());
    byte[] id = new byte[ID_BYTES];
    random.nextBytes(id);
    RunRecord run =
        new RunRecord(
            "run_" + HexFormat.of().formatHex(id),
            call.principal(),
            order.flow().name(),
            order.declaration(),
            inputs,
            order.contextId().orElse(""),
            RunState.RUNNING,
            clock.instant(),
            clock.instant(),
            Optional.empty(),
            "");
    try {
      store.begin(run);
    } catch (RunStoreException e) {
      throw new ToolException(e.code(), e.getMessage());
    }
    call.goesOnWith(JsonNodeFactory.instance.objectNode().put("run_id", run.id()));
    return run(order.flow(), run, List.of(), budget, call);
  }

  /**
   * Goes on with a run after its last finished step; a finished run gives its output again.
   *
   * @throws ToolException if there is no such run, or somebody is running it
   * @throws InterruptedException if the call was cancelled; the run can be resumed again
   */
  public RunReport resume(String id, Duration budget, ToolContext call)
      throws ToolException, InterruptedException {
    RunRecord run;
    List<StepRecord> steps;
    try {
      run =
          store
              .take(call.principal(), id)
              .orElseThrow(() ->
                  new ToolException(
                      "unknown_run",
                      "there is no run %s; list_flow_runs names those that are known"
                          .formatted(id)));
      steps = store.steps(id);
    } catch (RunStoreException e) {
      throw new ToolException(e.code(), e.getMessage());
    }
    if (run.state() == RunState.FINISHED) {
      return new RunReport(run, steps, Optional.empty(), 0);
    }
    Flow flow;
    try {
      flow = FlowCheck.read(run.declaration(), surroundings());
    } catch (FlowFormatException e) {
      settle(run, RunState.FAILED, Optional.empty(), e.getMessage());
      throw new ToolException(
          "invalid_flow",
          "the run's flow does not fit this server's tools any more: " + e.getMessage());
    }
    return run(flow, run, steps, budget, call);
  }

  private RunReport run(
      Flow flow, RunRecord given, List<StepRecord> steps, Duration budget, ToolContext call)
      throws ToolException, InterruptedException {
    long begin = System.nanoTime();
    RunRecord run = given;
    Optional<String> failedStep = Optional.empty();
    boolean settled = false;
    try {
      FlowProgress progress = new FlowProgress(call, flow.steps().size());
      StepRunner runner = new StepRunner(tools, flow.model(), call, progress, new RunTime(budget));
      run = inContext(run, runner, call);
      Scope scope = scope(run);
      FlowExecution execution = new FlowExecution(run, steps, store, runner, progress);
      execution.steps(flow.steps(), scope, "", call.cancellation());
      JsonNode output = output(flow, scope);
      settle(run, RunState.FINISHED, Optional.of(output), "");
      settled = true;
    } catch (StepFailure e) {
      failedStep = Optional.of(e.address());
      settle(
          run,
          RunState.FAILED,
          Optional.empty(),
          "%s: %s: %s".formatted(e.address(), e.code(), e.getMessage()));
      settled = true;
    } catch (RunStoppedException e) {
      settle(run, RunState.STOPPED, Optional.empty(), e.getMessage());
      settled = true;
      if (!e.timedOut()) {
        throw new InterruptedException("the call was cancelled");
      }
    } finally {
      if (!settled) {
        settle(run, RunState.FAILED, Optional.empty(), "the server failed; its log has the cause");
      }
    }
    try {
      return new RunReport(
          store.find(run.principal(), run.id()).orElseThrow(),
          store.steps(run.id()),
          failedStep,
          (System.nanoTime() - begin) / 1e9);
    } catch (RunStoreException e) {
      throw new ToolException(e.code(), e.getMessage());
    }
  }

  private void settle(RunRecord run, RunState state, Optional<JsonNode> output, String trouble)
      throws ToolException {
    try {
      store.ended(run.id(), state, output, trouble);
    } catch (RunStoreException e) {
      throw new ToolException(e.code(), e.getMessage());
    }
  }

  /** The run with its context, which is opened before the first step. */
  private RunRecord inContext(RunRecord run, StepRunner runner, ToolContext call)
      throws StepFailure, RunStoppedException {
    if (!run.contextId().isEmpty()) {
      return run;
    }
    ObjectNode arguments = JsonNodeFactory.instance.objectNode().put("title", "flow " + run.flow());
    StepRunner.Place place =
        new StepRunner.Place("context", Scope.of(Map.of()), "", call.cancellation());
    FlowTool.Outcome opened = runner.call("context_open", arguments, place, Duration.ofMinutes(1));
    if (!(opened instanceof FlowTool.Answered answered)) {
      FlowTool.Failed failed = (FlowTool.Failed) opened;
      throw new StepFailure("context", failed.code(), failed.message());
    }
    String contextId = answered.result().path("context_id").asString();
    try {
      store.contextOpened(run.id(), contextId);
      return store.find(run.principal(), run.id()).orElseThrow();
    } catch (RunStoreException e) {
      throw new StepFailure("context", e.code(), e.getMessage());
    }
  }

  private Scope scope(RunRecord run) {
    ObjectNode all = JsonNodeFactory.instance.objectNode();
    samples.forEach((name, sample) -> all.set(name, sample.get()));
    return Scope.of(
        Map.of(
            "inputs",
            run.inputs(),
            "samples",
            all,
            "flow",
            JsonNodeFactory.instance
                .objectNode()
                .put("run_id", run.id())
                .put("context_id", run.contextId())
                .put("name", run.flow())));
  }

  /** What the flow says it gives, or the last step's result. */
  private static JsonNode output(Flow flow, Scope scope) throws StepFailure {
    if (flow.output().isPresent()) {
      return FlowExecution.fill(() -> scope.fill(flow.output().get()), "output", "output");
    }
    Step last = flow.steps().getLast();
    JsonNode result = scope.results().get(last.id());
    return result == null ? JsonNodeFactory.instance.nullNode() : result;
  }

  /** The inputs with defaults. */
  private static ObjectNode inputs(Flow flow, ObjectNode given) throws ToolException {
    List<String> names = flow.inputs().stream().map(Flow.Input::name).toList();
    for (String name : given.propertyNames()) {
      if (!names.contains(name)) {
        throw new ToolException(
            "invalid_inputs",
            "the flow %s has no input %s; it has %s"
                .formatted(flow.name(), name, names.isEmpty() ? "none" : String.join(", ", names)));
      }
    }
    int characters = given.toString().length();
    if (characters > FlowLimits.INPUT_CHARACTERS) {
      throw new ToolException(
          "invalid_inputs",
          "the inputs have %,d characters; at most %,d"
              .formatted(characters, FlowLimits.INPUT_CHARACTERS));
    }
    ObjectNode inputs = JsonNodeFactory.instance.objectNode();
    for (Flow.Input input : flow.inputs()) {
      JsonNode value = given.get(input.name());
      if (value == null || value.isNull()) {
        value =
            input
                .otherwise()
                .orElseThrow(() ->
                    new ToolException(
                        "invalid_inputs",
                        "the flow %s needs the input %s (%s): %s"
                            .formatted(
                                flow.name(),
                                input.name(),
                                input.type().name().toLowerCase(java.util.Locale.ROOT),
                                input.description())));
      } else if (!input.type().admits(value)) {
        throw new ToolException(
            "invalid_inputs",
            "the input %s of the flow %s is no %s"
                .formatted(
                    input.name(),
                    flow.name(),
                    input.type().name().toLowerCase(java.util.Locale.ROOT)));
      }
      inputs.set(input.name(), value);
    }
    return inputs;
  }
}
