package dev.qwenmcp.server.flow.run;

import dev.qwenmcp.engine.Cancellation;
import dev.qwenmcp.server.flow.declaration.FlowLimits;
import dev.qwenmcp.server.flow.declaration.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Walks through the steps of one run. A step that has ended in an earlier part of the run is not
 * run again: its result is taken from the store.
 */
final class FlowExecution {
  private final String runId;
  private final String contextId;
  private final RunStore store;
  private final StepRunner runner;
  private final FlowProgress progress;
  private final Map<String, StepRecord> ended = new ConcurrentHashMap<>();
  private final AtomicInteger calls = new AtomicInteger();
  private final AtomicLong characters = new AtomicLong();

  /**
   * @param run what is executed
   * @param steps of it that have ended
   */
  FlowExecution(
      RunRecord run,
      List<StepRecord> steps,
      RunStore store,
      StepRunner runner,
      FlowProgress progress) {
    this.runId = run.id();
    this.contextId = run.contextId();
    this.store = store;
    this.runner = runner;
    this.progress = progress;
    for (StepRecord step : steps) {
      ended.put(step.address(), step);
      count(step);
    }
  }

  private void count(StepRecord step) {
    step.result().ifPresent(result -> characters.addAndGet(result.toString().length()));
  }

  /** A run cannot go on because nothing can be written down. */
  private static StepFailure unwritten(String address, RunStoreException e) {
    return new StepFailure(address, e.code(), e.getMessage());
  }

  /**
   * Runs steps one after the other.
   *
   * @param prefix of their addresses
   * @param stopping cancelled when they are to be given up
   */
  void steps(List<Step> steps, Scope scope, String prefix, Cancellation stopping)
      throws StepFailure, RunStoppedException {
    for (Step step : steps) {
      step(step, scope, prefix + step.id(), stopping);
    }
  }

  private void step(Step step, Scope scope, String address, Cancellation stopping)
      throws StepFailure, RunStoppedException {
    StepRecord known = ended.get(address);
    boolean open = step instanceof Step.Parallel;
    if (known != null && !(open && known.state() == StepRecord.State.DONE)) {
      known.result().ifPresent(result -> scope.result(step.id(), result));
      progress.ended(address, "done before");
      return;
    }
    runner.requireTime(stopping);
    if (step.when().isPresent() && !holds(step, scope, address)) {
      end(StepRecord.skipped(address));
      return;
    }
    switch (step) {
      case Step.Call call -> call(call, scope, address, stopping);
      case Step.Parallel parallel -> parallel(parallel, scope, address, stopping);
      case Step.Loop loop -> loop(loop, scope, address, stopping);
    }
  }

  private static boolean holds(Step step, Scope scope, String address) throws StepFailure {
    try {
      return scope.holds(step.when().orElseThrow());
    } catch (MissingValueException e) {
      throw new StepFailure(address, "missing_value", "its condition: " + e.getMessage());
    }
  }

  /** Writes the end of a step down before anything else happens. */
  private void end(StepRecord step) throws StepFailure {
    count(step);
    if (characters.get() > FlowLimits.RUN_CHARACTERS) {
      throw new StepFailure(
          step.address(),
          "run_too_large",
          "the results of the run have more than %,d characters together"
              .formatted(FlowLimits.RUN_CHARACTERS));
    }
    if (ended.containsKey(step.address())) {
      return; // a parallel step whose branches were walked through again
    }
    try {
      store.stepEnded(runId, step);
    } catch (RunStoreException e) {
      throw unwritten(step.address(), e);
    }
    ended.put(step.address(), step);
    progress.ended(step.address(), step.state().name().toLowerCase(java.util.Locale.ROOT));
  }

  private void call(Step.Call call, Scope scope, String address, Cancellation stopping)
      throws StepFailure, RunStoppedException {
    if (calls.incrementAndGet() > FlowLimits.CALLS) {
      throw new StepFailure(
          address, "too_many_calls", "a run makes at most %,d calls".formatted(FlowLimits.CALLS));
    }
    progress.began(address, call.tool());
    StepRecord done = runner.run(call, new StepRunner.Place(address, scope, contextId, stopping));
    end(done);
    scope.result(call.id(), done.result().orElseThrow());
  }

  private void loop(Step.Loop loop, Scope scope, String address, Cancellation stopping)
      throws StepFailure, RunStoppedException {
    long begin = System.nanoTime();
    JsonNode items = fill(() -> scope.fill(loop.items()), address, "each");
    if (!items.isArray()) {
      throw new StepFailure(address, "not_a_list", "each is not a list but " + items.getNodeType());
    }
    if (items.size() > loop.most()) {
      throw new StepFailure(
          address,
          "too_many_items",
          "each has %d items, most allows %d".formatted(items.size(), loop.most()));
    }
    progress.expect(items.size() * loop.steps().size());
    ArrayNode collected = JsonNodeFactory.instance.arrayNode();
    for (int i = 0; i < items.size(); i++) {
      Scope round =
          scope.inner(
              Map.of(
                  loop.variable(), items.get(i), "index", JsonNodeFactory.instance.numberNode(i)));
      steps(loop.steps(), round, address + "[" + i + "].", stopping);
      collected.add(
          loop.collected().isPresent()
              ? fill(() -> round.fill(loop.collected().get()), address, "collect")
              : round.results());
    }
    end(
        new StepRecord(
            address,
            "",
            StepRecord.State.DONE,
            Optional.of(collected),
            0,
            (System.nanoTime() - begin) / 1_000_000));
    scope.result(loop.id(), collected);
  }

  /** Fills something in. */
  interface Filling {
    JsonNode fill() throws MissingValueException;
  }

  static JsonNode fill(Filling filling, String address, String field) throws StepFailure {
    try {
      return filling.fill();
    } catch (MissingValueException e) {
      throw new StepFailure(address, "missing_value", field + ": " + e.getMessage());
    }
  }

  /** How a branch ended, if not well. */
  private sealed interface BranchEnd {}

  private record Broken(StepFailure failure) implements BranchEnd {}

  private record Stopped(RunStoppedException stop) implements BranchEnd {}

  private record Crashed(Throwable cause) implements BranchEnd {}

  private void parallel(Step.Parallel parallel, Scope scope, String address, Cancellation stopping)
      throws StepFailure, RunStoppedException {
    long begin = System.nanoTime();
    Cancellation group = new Cancellation();
    List<BranchEnd> ends = new ArrayList<>();
    try (Cancellation.Registration _ = stopping.onCancel(group::cancel)) {
      List<Thread> threads = new ArrayList<>();
      for (List<Step> branch : parallel.branches()) {
        String prefix = address.substring(0, address.length() - parallel.id().length());
        threads.add(
            Thread.ofPlatform()
                .daemon()
                .name("flow-branch")
                .start(() -> branch(branch, scope, prefix, group, ends)));
      }
      for (Thread thread : threads) {
        joinUninterruptibly(thread);
      }
    }
    raise(ends);
    end(
        new StepRecord(
            address,
            "",
            StepRecord.State.DONE,
            Optional.empty(),
            0,
            (System.nanoTime() - begin) / 1_000_000));
  }

  private void branch(
      List<Step> steps, Scope scope, String prefix, Cancellation group, List<BranchEnd> ends) {
    BranchEnd end = null;
    try {
      steps(steps, scope, prefix, group);
    } catch (StepFailure e) {
      end = new Broken(e);
    } catch (RunStoppedException e) {
      end = new Stopped(e);
    } catch (RuntimeException | Error e) {
      end = new Crashed(e);
    }
    if (end != null) {
      synchronized (ends) {
        ends.add(end);
      }
      group.cancel(); // the others need not go on
    }
  }

  /** The first end that was not caused by another branch's. */
  private static void raise(List<BranchEnd> ends) throws StepFailure, RunStoppedException {
    RunStoppedException stopped = null;
    for (BranchEnd end : ends) {
      switch (end) {
        case Broken broken -> throw broken.failure();
        case Crashed crashed -> throw new IllegalStateException("a branch failed", crashed.cause());
        case Stopped s -> stopped = stopped == null || s.stop().timedOut() ? s.stop() : stopped;
      }
    }
    if (stopped != null) {
      throw stopped;
    }
  }

  private static void joinUninterruptibly(Thread thread) {
    boolean interrupted = false;
    while (true) {
      try {
        thread.join();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
