package dev.qwenmcp.server.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Measures workloads with some contenders, whose runs take turns: this, the other, this, the other.
 * What drifts while it lasts (clock, temperature, neighbours on the machine) meets all alike.
 */
public final class BenchRun {
  private final Plan plan;
  private final ChildCommand self;
  private final Consumer<String> progress;
  private final Supplier<Limits> limits;

  /**
   * What to measure.
   *
   * @param workloads in order
   * @param repetitions timed runs of each, after one that is not timed
   * @param busy threads of another process to measure beside as well, 0 for none
   */
  public record Plan(List<Workload> workloads, int repetitions, int busy) {
    public Plan {
      workloads = List.copyOf(workloads);
      if (repetitions < 1 || busy < 0) {
        throw new IllegalArgumentException(
            "at least one repetition and no negative busy threads: " + repetitions + ", " + busy);
      }
    }
  }

  /**
   * What one workload gave.
   *
   * @param speeds tokens a second by setting
   * @param limits measured before each timed run, as neighbours on the machine come and go
   */
  public record Outcome(
      Workload workload, int busy, Map<String, Sample> speeds, List<Limits> limits) {
    public Outcome {
      speeds = Map.copyOf(speeds);
      limits = List.copyOf(limits);
    }
  }

  /**
   * @param self how to start the process that keeps cores busy
   * @param progress hears of each workload before it is measured
   * @param limits measures what the machine can do at the moment
   */
  public BenchRun(
      Plan plan, ChildCommand self, Consumer<String> progress, Supplier<Limits> limits) {
    this.plan = plan;
    this.self = self;
    this.progress = progress;
    this.limits = limits;
  }

  /** All contenders loaded at once, taking turns run by run. */
  public List<Outcome> inTurns(List<Contender.Source> sources) throws BenchException {
    List<Contender> contenders = new ArrayList<>();
    try {
      for (Contender.Source source : sources) {
        contenders.add(source.open());
      }
      return measure(contenders);
    } finally {
      contenders.forEach(Contender::close);
    }
  }

  /** One contender after the other, where memory does not hold two copies of the model. */
  public List<Outcome> oneByOne(List<Contender.Source> sources) throws BenchException {
    List<Outcome> merged = new ArrayList<>();
    for (Contender.Source source : sources) {
      try (Contender contender = source.open()) {
        List<Outcome> outcomes = measure(List.of(contender));
        if (merged.isEmpty()) {
          merged.addAll(outcomes);
        } else {
          for (int i = 0; i < merged.size(); i++) {
            merged.set(i, merge(merged.get(i), outcomes.get(i)));
          }
        }
      }
    }
    return merged;
  }

  private static Outcome merge(Outcome a, Outcome b) {
    Map<String, Sample> speeds = new LinkedHashMap<>(a.speeds());
    speeds.putAll(b.speeds());
    return new Outcome(a.workload(), a.busy(), speeds, a.limits());
  }

  private List<Outcome> measure(List<Contender> contenders) throws BenchException {
    List<Outcome> outcomes = new ArrayList<>();
    for (Workload workload : plan.workloads()) {
      outcomes.add(measure(workload, 0, contenders));
      if (plan.busy() > 0) {
        try (BusyCores _ = BusyCores.start(self, plan.busy())) {
          outcomes.add(measure(workload, plan.busy(), contenders));
        }
      }
    }
    return outcomes;
  }

  private Outcome measure(Workload workload, int busy, List<Contender> contenders)
      throws BenchException {
    progress.accept(workload.name() + (busy > 0 ? ", " + busy + " busy" : ""));
    Map<String, List<Double>> speeds = new LinkedHashMap<>();
    List<Limits> possible = new ArrayList<>();
    for (int run = 0; run <= plan.repetitions(); run++) {
      if (run > 0 && busy == 0) {
        possible.add(limits.get());
      }
      for (Contender contender : contenders) {
        if (!contender.can(workload)) {
          continue;
        }
        for (String setting : contender.settings()) {
          double seconds = contender.seconds(setting, workload);
          if (run > 0) { // the first one warms up
            speeds
                .computeIfAbsent(setting, _ -> new ArrayList<>())
                .add(workload.tokens() / seconds);
          }
        }
      }
    }
    Map<String, Sample> samples = new LinkedHashMap<>();
    speeds.forEach((setting, values) -> samples.put(setting, new Sample(values)));
    return new Outcome(workload, busy, samples, possible);
  }
}
