package dev.qwenmcp.server.web;

import dev.qwenmcp.server.flow.run.RunRecord;
import dev.qwenmcp.server.flow.run.RunState;
import dev.qwenmcp.server.flow.run.RunStore;
import dev.qwenmcp.server.flow.run.RunStoreException;
import dev.qwenmcp.server.flow.run.StepRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** {@code /api/runs}: the asker's runs of flows, and how the steps of one of them went. */
final class RunsApi {
  private static final int MOST_RUNS = 100;

  private final RunStore store;

  RunsApi(RunStore store) {
    this.store = store;
  }

  /** Runs, the latest first. */
  record Runs(List<Run> runs) {}

  /**
   * A run.
   *
   * @param state {@code running}, {@code finished}, {@code failed}, {@code stopped}, or {@code
   *     abandoned} where the server that ran it has ended
   * @param trouble why it stands still, empty if it does not
   */
  record Run(
      String id,
      String flow,
      String contextId,
      String state,
      Instant created,
      Instant updated,
      String trouble) {}

  /**
   * A run with its steps.
   *
   * @param inputs what it was given
   * @param output what it gave, null until it is finished
   * @param steps that have ended, in that order
   */
  record RunWithSteps(Run run, JsonNode inputs, JsonNode output, List<Step> steps) {}

  /**
   * A step.
   *
   * @param state {@code done}, {@code skipped} or {@code failed}
   */
  record Step(String address, String tool, String state, int attempts, double seconds) {
    static Step of(StepRecord step) {
      return new Step(
          step.address(),
          step.tool(),
          step.state().name().toLowerCase(Locale.ROOT),
          step.attempts(),
          step.millis() / 1000.0);
    }
  }

  Map<String, ApiAnswer> answers() {
    return Map.of("/api/runs", this::list, "/api/runs/steps", this::steps);
  }

  private Runs list(ApiRequest request) throws ApiException {
    try {
      List<Run> runs = new ArrayList<>();
      for (RunRecord run : store.list(request.principal(), MOST_RUNS)) {
        runs.add(shown(run));
      }
      return new Runs(runs);
    } catch (RunStoreException e) {
      throw ApiException.unavailable(e);
    }
  }

  private Run shown(RunRecord run) throws RunStoreException {
    boolean abandoned = run.state() == RunState.RUNNING && store.abandoned(run.id());
    return new Run(
        run.id(),
        run.flow(),
        run.contextId(),
        abandoned ? "abandoned" : run.state().word(),
        run.created(),
        run.updated(),
        run.trouble());
  }

  private RunWithSteps steps(ApiRequest request) throws ApiException {
    String id = request.required("id");
    try {
      RunRecord run =
          store
              .find(request.principal(), id)
              .orElseThrow(() -> ApiException.notFound("there is no run " + id));
      return new RunWithSteps(
          shown(run),
          run.inputs(),
          run.output().orElse(null),
          store.steps(id).stream().map(Step::of).toList());
    } catch (RunStoreException e) {
      throw ApiException.unavailable(e);
    }
  }
}
