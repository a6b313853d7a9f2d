package dev.qwenmcp.server.flow.declaration;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** One step of a flow. */
public sealed interface Step {

  /** Its name, one of its kind in the whole flow. */
  String id();

  /** When it runs; always if empty. Otherwise it is skipped and has no result. */
  Optional<Condition> when();

  /** Where it stands in the declaration, for messages. */
  String path();

  /**
   * Calls a tool.
   *
   * @param tool its name
   * @param arguments without those that the runner adds
   * @param options how it is called
   */
  record Call(
      String id,
      Optional<Condition> when,
      String path,
      String tool,
      Template.Fields arguments,
      Options options)
      implements Step {}

  /** Runs branches at the same time; each is a list of steps one after the other. */
  record Parallel(String id, Optional<Condition> when, String path, List<List<Step>> branches)
      implements Step {
    public Parallel {
      branches = branches.stream().map(List::copyOf).toList();
    }
  }

  /**
   * Runs steps for each item of a list, one after the other.
   *
   * @param items the list
   * @param variable what the steps call the item
   * @param most items; more are an error, not cut off
   * @param collected what is kept of each round; the results of all its steps if empty
   */
  record Loop(
      String id,
      Optional<Condition> when,
      String path,
      Template items,
      String variable,
      int most,
      List<Step> steps,
      Optional<Template> collected)
      implements Step {
    public Loop {
      steps = List.copyOf(steps);
    }
  }

  /**
   * How a tool is called.
   *
   * @param model given to tools that take one; the flow's if empty
   * @param retry what to do when the call fails
   * @param timeout of each attempt, none of its own if empty
   * @param goesOn whether the flow goes on if the step fails in the end, with the error as its
   *     result
   * @param context which context the tool works in
   */
  record Options(
      Optional<Template> model,
      Retry retry,
      Optional<Duration> timeout,
      boolean goesOn,
      ContextUse context) {}

  /**
   * Attempts of a call.
   *
   * @param attempts in all
   * @param pause before the second; twice as long before each further one, at most a minute
   * @param codes of the failures that are tried again; all but wrong arguments if empty
   */
  record Retry(int attempts, Duration pause, List<String> codes) {
    static final Retry NONE = new Retry(1, Duration.ofSeconds(1), List.of());

    public Retry {
      codes = List.copyOf(codes);
    }
  }

  /** Which context a tool works in. */
  enum ContextUse {
    /** The run's. */
    SHARED,
    /** A fork of it: the tool sees what is there and leaves nothing behind. */
    FORK,
    /** A new one of its own. */
    NEW
  }
}
