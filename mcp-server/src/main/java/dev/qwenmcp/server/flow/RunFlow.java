package dev.qwenmcp.server.flow;

import dev.qwenmcp.server.flow.declaration.FlowCheck;
import dev.qwenmcp.server.flow.declaration.FlowFormatException;
import dev.qwenmcp.server.flow.declaration.FlowLimits;
import dev.qwenmcp.server.flow.declaration.FlowSource;
import dev.qwenmcp.server.flow.run.FlowRunner;
import dev.qwenmcp.server.flow.run.RunReport;
import dev.qwenmcp.server.flow.run.RunState;
import dev.qwenmcp.server.protocol.Doc;
import dev.qwenmcp.server.protocol.TaskSupport;
import dev.qwenmcp.server.protocol.Tool;
import dev.qwenmcp.server.protocol.ToolContext;
import dev.qwenmcp.server.protocol.ToolException;
import dev.qwenmcp.server.protocol.ToolSpec;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Runs a flow, or goes on with a run. */
final class RunFlow implements Tool<RunFlow.Arguments, RunFlow.Result> {
  private static final int SECONDS = 50;

  /** Nobody waits for a job. */
  private static final int BACKGROUND_SECONDS = 3600;

  private final FlowRunner runner;
  private final FlowLibrary library;
  private final boolean reachesElsewhere;

  /**
   * @param reachesElsewhere whether one of the tools that flows call may reach another machine
   */
  RunFlow(FlowRunner runner, FlowLibrary library, boolean reachesElsewhere) {
    this.runner = runner;
    this.library = library;
    this.reachesElsewhere = reachesElsewhere;
  }

  public record Arguments(
      @Doc(value = "Name of a flow from list_flows", optional = true, minSize = 1, maxSize = 64)
          String flow,
      @Doc(value = "A flow of your own instead: an object, or a text in YAML", optional = true)
          JsonNode definition,
      @Doc(value = "What the flow needs, by the names of its inputs", optional = true)
          ObjectNode inputs,
      @Doc(
              value =
                  "A run that stopped or failed: goes on after its last finished step; leave out"
                      + " flow, definition and inputs",
              optional = true,
              minSize = 1,
              maxSize = 100)
          String runId,
      @Doc(
              value =
                  "Most seconds to work before the run stops and can be resumed, 50 if left out,"
                      + " 3600 in a job; many clients give up at 60",
              optional = true,
              min = 1,
              max = 3600)
          Integer timeBudgetSeconds,
      @Doc(
              value = "Context to work in, from any earlier result; left out, a new one is opened",
              optional = true,
              maxSize = 100)
          String contextId) {}

  public record Result(
      @Doc(
              value = "Handle of the context that the steps shared; pass it on to go on from there",
              optional = true)
          String contextId,
      @Doc("Handle of the run, to resume it") String runId,
      @Doc("Name of the flow") String flow,
      @Doc(
              value = "finished, failed at a step, or stopped because the time ended",
              oneOf = {"finished", "failed", "stopped", "running"})
          String state,
      @Doc(value = "What the flow gives, once finished", optional = true) JsonNode output,
      @Doc(value = "Why it has not finished", optional = true) String trouble,
      @Doc(value = "How to go on", optional = true) String hint,
      @Doc("Steps that have ended, in that order") List<StepView> steps,
      @Doc("Seconds that this call worked") double seconds) {}

  @Override
  public ToolSpec<Arguments, Result> spec() {
    return new ToolSpec<>(
        "run_flow",
        "Run a flow",
        """
        Runs several tools in one call, in one context: a flow by name (list_flows: customer \
        service, document digest, ticket triage, and the user's own), or one given as definition. \
        Steps take inputs from earlier results, have conditions, attempts and time limits, and may \
        run side by side or for each item of a list. Use it instead of calling the tools one by \
        one. Each result is on disk before the next step begins: a run that stopped, failed or was \
        cut off by a crash goes on with run_id, and no finished step is run twice. Progress names \
        the step.\
        """,
        Arguments.class,
        Result.class,
        new ToolSpec.Hints(false, false, false, reachesElsewhere));
  }

  @Override
  public TaskSupport tasks() {
    return TaskSupport.OPTIONAL;
  }

  @Override
  public Result call(Arguments arguments, ToolContext call)
      throws ToolException, InterruptedException {
    int otherwise = call.inBackground() ? BACKGROUND_SECONDS : SECONDS;
    Duration budget =
        Duration.ofSeconds(
            arguments.timeBudgetSeconds() == null ? otherwise : arguments.timeBudgetSeconds());
    if (arguments.runId() != null) {
      if (arguments.flow() != null
          || arguments.definition() != null
          || arguments.inputs() != null
          || arguments.contextId() != null) {
        throw new ToolException(
            "conflicting_arguments",
            "run_id goes on with a run as it was begun: leave out flow, definition, inputs and"
                + " context_id");
      }
      return result(runner.resume(arguments.runId(), budget, call));
    }
    FlowEntry entry = entry(arguments);
    ObjectNode given =
        arguments.inputs() == null ? JsonNodeFactory.instance.objectNode() : arguments.inputs();
    ObjectNode inputs = MissingInputs.filled(entry.flow(), given, call);
    return result(
        runner.start(
            new FlowRunner.Order(
                entry.flow(),
                entry.declaration(),
                inputs,
                Optional.ofNullable(arguments.contextId())),
            budget,
            call));
  }

  private FlowEntry entry(Arguments arguments) throws ToolException {
    JsonNode definition = arguments.definition();
    if ((arguments.flow() == null) == (definition == null)) {
      throw new ToolException("conflicting_arguments", "give one of flow, definition and run_id");
    }
    if (arguments.flow() != null) {
      FlowLibrary.Contents contents = library.contents();
      FlowEntry entry = contents.flows().get(arguments.flow());
      if (entry == null) {
        throw new ToolException(
            "unknown_flow",
            "there is no flow %s; there are %s%s"
                .formatted(
                    arguments.flow(),
                    String.join(", ", contents.flows().keySet()),
                    contents.problems().isEmpty()
                        ? ""
                        : ". Not usable: " + String.join("; ", contents.problems())));
      }
      return entry;
    }
    try {
      if (definition.isString()) {
        String text = definition.stringValue();
        return new FlowEntry(
            FlowCheck.read(text, runner.surroundings()), FlowSource.tree(text), "given");
      }
      return new FlowEntry(FlowCheck.read(definition, runner.surroundings()), definition, "given");
    } catch (FlowFormatException e) {
      throw new ToolException("invalid_flow", e.getMessage());
    }
  }

  private static Result result(RunReport report) {
    RunState state = report.run().state();
    JsonNode output = report.run().output().orElse(null);
    String hint = null;
    String trouble = report.run().trouble().isEmpty() ? null : report.run().trouble();
    if (output != null && output.toString().length() > FlowLimits.OUTPUT_CHARACTERS) {
      trouble =
          "the output has %,d characters, more than the %,d of one result"
              .formatted(output.toString().length(), FlowLimits.OUTPUT_CHARACTERS);
      hint =
          "Read steps one by one with list_flow_runs (run_id and step), or give the flow an output"
              + " that names less";
      output = null;
    } else if (state == RunState.STOPPED || state == RunState.FAILED) {
      hint =
          "Call run_flow with run_id %s alone to go on after the last finished step"
              .formatted(report.run().id());
    }
    return new Result(
        report.run().contextId().isEmpty() ? null : report.run().contextId(),
        report.run().id(),
        report.run().flow(),
        state.word(),
        output,
        trouble,
        hint,
        report.steps().stream().map(StepView::of).toList(),
        report.seconds());
  }
}
