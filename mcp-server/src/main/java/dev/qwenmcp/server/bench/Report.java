package dev.qwenmcp.server.bench;

import java.util.ArrayList;
import java.util.List;

/**
 * What a benchmark found and on what.
 *
 * @param machine where
 * @param model its name and size
 * @param conditions further facts that the figures depend on, one a line
 * @param measurements rows in order
 * @param extras what was measured besides
 */
public record Report(
    Machine machine,
    String model,
    List<String> conditions,
    List<Measurement> measurements,
    Extras extras) {
  public Report {
    conditions = List.copyOf(conditions);
    measurements = List.copyOf(measurements);
  }

  /**
   * What was measured besides workloads.
   *
   * @param copying rows of copying work, possibly none
   * @param memory rows of what contexts take, possibly none
   * @param lasting parts of a long run, possibly none
   */
  public record Extras(
      List<CopyingMeasurement> copying, List<ContextMemory> memory, List<Lasting> lasting) {
    /** Nothing. */
    public static final Extras NONE = new Extras(List.of(), List.of(), List.of());

    public Extras {
      copying = List.copyOf(copying);
      memory = List.copyOf(memory);
      lasting = List.copyOf(lasting);
    }
  }

  /** How a workload's time grows with depth: its rows on the free machine, by depth. */
  List<Deeper> deeper() {
    List<Deeper> pairs = new ArrayList<>();
    for (Measurement deep : free()) {
      for (Measurement shallow : free()) {
        if (deep.workload().depth() > 0 && deep.isDeeper(shallow)) {
          pairs.add(new Deeper(shallow, deep));
        }
      }
    }
    return pairs;
  }

  /** The same work at no depth and at some. */
  record Deeper(Measurement shallow, Measurement deep) {
    /** Seconds that 1,024 tokens of depth add to each token. */
    double secondsForEach1024() {
      double more = 1 / deep.own().median() - 1 / shallow.own().median();
      return more * 1024 / deep.workload().depth();
    }
  }

  /** Rows on the free machine. */
  List<Measurement> free() {
    return measurements.stream().filter(m -> m.busy() == 0).toList();
  }

  /** Rows measured beside another process, each with its row on the free machine. */
  List<Beside> busy() {
    List<Beside> pairs = new ArrayList<>();
    for (Measurement busy : measurements) {
      for (Measurement free : measurements) {
        if (busy.busy() > 0
            && free.busy() == 0
            && free.threads() == busy.threads()
            && free.workload().equals(busy.workload())) {
          pairs.add(new Beside(free, busy));
        }
      }
    }
    return pairs;
  }

  /** The same work on the free machine and beside another process. */
  record Beside(Measurement free, Measurement busy) {}
}
