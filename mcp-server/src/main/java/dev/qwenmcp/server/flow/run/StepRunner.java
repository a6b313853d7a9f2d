package dev.qwenmcp.server.flow.run;

import dev.qwenmcp.engine.Cancellation;
import dev.qwenmcp.server.flow.declaration.FlowLimits;
import dev.qwenmcp.server.flow.declaration.Step;
import dev.qwenmcp.server.flow.declaration.Template;
import dev.qwenmcp.server.flow.declaration.ToolShape;
import dev.qwenmcp.server.protocol.ToolContext;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Calls the tools of one run: arguments, context, model, time, attempts. */
final class StepRunner {
  /** What most tools take if they are given no time; they then return what they have. */
  private static final long USUAL_SECONDS = 45;

  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

  /** The same call again would fail in the same way. */
  private static final Set<String> FINAL = Set.of("invalid_arguments", "missing_value");

  private final Map<String, FlowTool> tools;
  private final Optional<Template> model;
  private final ToolContext call;
  private final FlowProgress progress;
  private final RunTime time;

  /**
   * @param model of steps that name none
   * @param time until the run stops
   */
  StepRunner(
      Map<String, FlowTool> tools,
      Optional<Template> model,
      ToolContext call,
      FlowProgress progress,
      RunTime time) {
    this.tools = tools;
    this.model = model;
    this.call = call;
    this.progress = progress;
    this.time = time;
  }

  /**
   * What a call needs to know of its place in the run.
   *
   * @param address of the step
   * @param scope of its templates
   * @param contextId the run's context
   * @param stopping cancelled when the step is to be given up
   */
  record Place(String address, Scope scope, String contextId, Cancellation stopping) {}

  /**
   * Calls a step's tool until it answers or the attempts are used up.
   *
   * @throws StepFailure if it fails in the end and the flow does not go on
   * @throws RunStoppedException if the run was cancelled or its time ended
   */
  StepRecord run(Step.Call step, Place place) throws StepFailure, RunStoppedException {
    long begin = System.nanoTime();
    Step.Retry retry = step.options().retry();
    FlowTool.Failed failure = null;
    int attempt = 0;
    Optional<ObjectNode> arguments = Optional.empty();
    while (attempt < retry.attempts()) {
      attempt++;
      if (attempt > 1) {
        pause(retry.pause(), attempt, place.stopping());
      }
      FlowTool.Outcome outcome;
      try {
        if (arguments.isEmpty()) {
          arguments = Optional.of(arguments(step, place));
        }
        outcome = attempt(step, place, arguments.get());
      } catch (MissingValueException e) {
        outcome = new FlowTool.Failed("missing_value", e.getMessage());
      }
      switch (outcome) {
        case FlowTool.Answered answered -> {
          return new StepRecord(
              place.address(),
              step.tool(),
              StepRecord.State.DONE,
              Optional.of(checked(answered.result(), place.address())),
              attempt,
              millisSince(begin));
        }
        case FlowTool.Failed failed -> failure = failed;
      }
      if (FINAL.contains(failure.code())
          || !retry.codes().isEmpty() && !retry.codes().contains(failure.code())) {
        break;
      }
    }
    if (!step.options().goesOn()) {
      throw new StepFailure(place.address(), failure.code(), failure.message());
    }
    return new StepRecord(
        place.address(),
        step.tool(),
        StepRecord.State.FAILED,
        Optional.of(error(failure)),
        attempt,
        millisSince(begin));
  }

  private static long millisSince(long begin) {
    return (System.nanoTime() - begin) / 1_000_000;
  }

  private static ObjectNode error(FlowTool.Failed failure) {
    ObjectNode result = JsonNodeFactory.instance.objectNode();
    result.putObject("error").put("code", failure.code()).put("message", failure.message());
    return result;
  }

  private static JsonNode checked(ObjectNode result, String address) throws StepFailure {
    int characters = result.toString().length();
    if (characters > FlowLimits.RESULT_CHARACTERS) {
      throw new StepFailure(
          address,
          "result_too_large",
          "its result has %,d characters; a step may give %,d: ask for less"
              .formatted(characters, FlowLimits.RESULT_CHARACTERS));
    }
    return result;
  }

  private void pause(Duration first, int attempt, Cancellation stopping)
      throws RunStoppedException {
    Duration wanted = first.multipliedBy(1L << Math.min(attempt - 2, 20));
    Duration pause = wanted.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : wanted;
    Duration left = time.left();
    CountDownLatch stopped = new CountDownLatch(1);
    try (Cancellation.Registration _ = stopping.onCancel(stopped::countDown)) {
      long millis = Math.min(pause.toMillis(), left.toMillis());
      if (stopped.await(millis, TimeUnit.MILLISECONDS)) {
        throw new RunStoppedException(false);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RunStoppedException(false);
    }
    requireTime(stopping);
  }

  /** Ends the run here if it was cancelled or its time is over. */
  void requireTime(Cancellation stopping) throws RunStoppedException {
    if (stopping.cancelled()) {
      throw new RunStoppedException(false);
    }
    if (time.over()) {
      throw new RunStoppedException(true);
    }
  }

  private ObjectNode arguments(Step.Call step, Place place)
      throws MissingValueException, StepFailure, RunStoppedException {
    ObjectNode arguments = (ObjectNode) place.scope().fill(step.arguments()).deepCopy();
    ToolShape shape = tool(step, place).shape();
    Optional<Template> chosen = step.options().model().or(() -> model);
    if (chosen.isPresent() && shape.takes("model") && !arguments.has("model")) {
      arguments.set("model", place.scope().fill(chosen.get()));
    }
    if (shape.takes("context_id") && !arguments.has("context_id")) {
      switch (step.options().context()) {
        case SHARED -> arguments.put("context_id", place.contextId());
        case FORK -> arguments.put("context_id", fork(place));
        case NEW -> {
          // The tool opens one.
        }
      }
    }
    return arguments;
  }

  private FlowTool tool(Step.Call step, Place place) throws StepFailure {
    FlowTool tool = tools.get(step.tool());
    if (tool == null) {
      throw new StepFailure(
          place.address(), "unknown_tool", "there is no tool " + step.tool() + " any more");
    }
    return tool;
  }

  private String fork(Place place) throws StepFailure, RunStoppedException {
    ObjectNode arguments =
        JsonNodeFactory.instance
            .objectNode()
            .put("context_id", place.contextId())
            .put("title", "fork for " + place.address());
    return switch (call("context_fork", arguments, place, time.left())) {
      case FlowTool.Answered answered -> answered.result().path("context_id").asString();
      case FlowTool.Failed failed ->
          throw new StepFailure(place.address(), failed.code(), failed.message());
    };
  }

  private FlowTool.Outcome attempt(Step.Call step, Place place, ObjectNode arguments)
      throws RunStoppedException, StepFailure {
    requireTime(place.stopping());
    Duration left = time.left();
    Duration atMost = step.options().timeout().filter(t -> t.compareTo(left) < 0).orElse(left);
    ObjectNode given = arguments.deepCopy();
    if (tool(step, place).shape().takes("time_budget_seconds")
        && !given.has("time_budget_seconds")) {
      given.put("time_budget_seconds", Math.clamp(atMost.toSeconds(), 1, USUAL_SECONDS));
    }
    return call(step.tool(), given, place, atMost);
  }

  /** Calls a tool; tells a call that was cancelled with the run from one that took too long. */
  FlowTool.Outcome call(String tool, ObjectNode arguments, Place place, Duration atMost)
      throws RunStoppedException {
    try (StepCall stepCall =
        new StepCall(call, place.address(), progress, place.stopping(), atMost)) {
      FlowTool.Outcome outcome = tools.get(tool).call(arguments, stepCall);
      if (outcome instanceof FlowTool.Failed && stepCall.cancellation().cancelled()) {
        requireTime(place.stopping());
        return new FlowTool.Failed(
            "step_timeout",
            "%s took longer than the step's %.3f s".formatted(tool, atMost.toMillis() / 1000.0));
      }
      return outcome;
    }
  }
}
