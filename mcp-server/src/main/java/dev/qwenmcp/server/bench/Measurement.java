package dev.qwenmcp.server.bench;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One row of a report: a workload with a number of threads, measured for each contender.
 *
 * @param threads of each contender
 * @param workload what was timed
 * @param busy spinning threads of another process beside it
 * @param limits of the machine with as many threads
 * @param cost of one token, for this program's engine
 * @param speeds tokens a second by contender, this program's under {@link #OWN}
 */
public record Measurement(
    int threads,
    Workload workload,
    int busy,
    Limits limits,
    Cost cost,
    Map<String, Sample> speeds) {
  /** Name of this program's engine among the contenders. */
  public static final String OWN = "qwen-mcp";

  public Measurement {
    speeds = Map.copyOf(speeds);
  }

  /** This program's speed. */
  public Sample own() {
    return speeds.get(OWN);
  }

  /** Whether this is the other row's work, which has no depth, at any depth. */
  boolean isDeeper(Measurement other) {
    return other.threads == threads
        && other.workload.depth() == 0
        && other.workload.at(workload.depth()).equals(workload);
  }

  /** The name of the fastest other contender. */
  public Optional<String> bestPeer() {
    return speeds.keySet().stream()
        .filter(name -> !name.equals(OWN))
        .max(Comparator.comparingDouble(name -> speeds.get(name).median()));
  }

  /** The fastest other contender's speed. */
  public Optional<Sample> peer() {
    return bestPeer().map(speeds::get);
  }

  /** This program's median as a multiple of the best peer's. */
  public Optional<Double> ratio() {
    return peer().map(peer -> own().median() / peer.median());
  }

  /** Names of the contenders, this program first. */
  public List<String> contenders() {
    return speeds.keySet().stream()
        .sorted(
            Comparator.<String, Boolean>comparing(name -> !name.equals(OWN))
                .thenComparing(name -> name))
        .toList();
  }
}
