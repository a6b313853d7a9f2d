package dev.qwenmcp.server.flow;

import dev.qwenmcp.server.flow.run.RunRecord;
import dev.qwenmcp.server.flow.run.RunState;
import dev.qwenmcp.server.flow.run.RunStore;
import dev.qwenmcp.server.flow.run.RunStoreException;
import dev.qwenmcp.server.flow.run.StepRecord;
import dev.qwenmcp.server.protocol.Doc;
import dev.qwenmcp.server.protocol.Tool;
import dev.qwenmcp.server.protocol.ToolContext;
import dev.qwenmcp.server.protocol.ToolException;
import dev.qwenmcp.server.protocol.ToolSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Lists runs of flows, or looks into one. */
final class ListFlowRuns implements Tool<ListFlowRuns.Arguments, ListFlowRuns.Result> {
  private static final int LIMIT = 20;

  private final RunStore store;

  ListFlowRuns(RunStore store) {
    this.store = store;
  }

  public record Arguments(
      @Doc(
              value = "Look into this run; left out, the latest runs are listed",
              optional = true,
              minSize = 1,
              maxSize = 100)
          String runId,
      @Doc(
              value = "With run_id: a step, such as each[2].summary, whose result is returned",
              optional = true,
              minSize = 1,
              maxSize = 300)
          String step,
      @Doc(value = "Most runs, 20 if left out", optional = true, min = 1, max = 100) Integer limit,
      @Doc(
              value = "A context, handed back as it is; none is opened here",
              optional = true,
              maxSize = 100)
          String contextId) {}

  public record Result(
      @Doc(value = "The context given, if one was", optional = true) String contextId,
      @Doc("The runs, the latest first") List<RunView> runs,
      @Doc(value = "With run_id: its steps that have ended", optional = true) List<StepView> steps,
      @Doc(value = "With step: its result", optional = true) JsonNode result) {}

  public record RunView(
      @Doc("What run_flow gets as run_id to go on") String runId,
      @Doc("Name of the flow") String flow,
      @Doc(
              value = "abandoned: its server ended while it was running; it can be resumed",
              oneOf = {"running", "finished", "failed", "stopped", "abandoned"})
          String state,
      @Doc("When it began, ISO 8601") String created,
      @Doc("When something was last written down, ISO 8601") String updated,
      @Doc(value = "The context of its steps", optional = true) String stepContextId,
      @Doc(value = "Why it stands still", optional = true) String trouble) {}

  @Override
  public ToolSpec<Arguments, Result> spec() {
    return new ToolSpec<>(
        "list_flow_runs",
        "List runs of flows",
        """
        Lists the runs of flows with their states, the latest first, to find one that can be \
        resumed with run_flow; or, with run_id, the steps of one, and with step the result of a \
        step. Runs that have ended go after 7 days.\
        """,
        Arguments.class,
        Result.class,
        new ToolSpec.Hints(true, false, true, false));
  }

  @Override
  public Result call(Arguments arguments, ToolContext call) throws ToolException {
    try {
      if (arguments.runId() == null) {
        if (arguments.step() != null) {
          throw new ToolException("conflicting_arguments", "give run_id together with step");
        }
        List<RunView> runs = new ArrayList<>();
        int limit = arguments.limit() == null ? LIMIT : arguments.limit();
        for (RunRecord run : store.list(call.principal(), limit)) {
          runs.add(view(run));
        }
        return new Result(arguments.contextId(), runs, null, null);
      }
      RunRecord run =
          store
              .find(call.principal(), arguments.runId())
              .orElseThrow(() ->
                  new ToolException(
                      "unknown_run",
                      "there is no run %s; leave run_id out to list those that are known"
                          .formatted(arguments.runId())));
      List<StepRecord> steps = store.steps(run.id());
      return new Result(
          arguments.contextId(),
          List.of(view(run)),
          steps.stream().map(StepView::of).toList(),
          arguments.step() == null ? null : result(steps, arguments.step()));
    } catch (RunStoreException e) {
      throw new ToolException(e.code(), e.getMessage());
    }
  }

  private static JsonNode result(List<StepRecord> steps, String address) throws ToolException {
    Optional<StepRecord> step = steps.stream().filter(s -> s.address().equals(address)).findFirst();
    return step.flatMap(StepRecord::result)
        .orElseThrow(() ->
            new ToolException(
                "unknown_step",
                "the run has no result of a step %s; it has %s"
                    .formatted(
                        address,
                        String.join(", ", steps.stream().map(StepRecord::address).toList()))));
  }

  private RunView view(RunRecord run) throws RunStoreException {
    boolean abandoned = run.state() == RunState.RUNNING && store.abandoned(run.id());
    return new RunView(
        run.id(),
        run.flow(),
        abandoned ? "abandoned" : run.state().word(),
        run.created().toString(),
        run.updated().toString(),
        run.contextId().isEmpty() ? null : run.contextId(),
        run.trouble().isEmpty() ? null : run.trouble());
  }
}
