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
 * @param copying rows of copying work, possibly none
 */
public record Report(
    Machine machine,
    String model,
    List<String> conditions,
    List<Measurement> measurements,
    List<CopyingMeasurement> copying) {
  public Report {
    conditions = List.copyOf(conditions);
    measurements = List.copyOf(measurements);
    copying = List.copyOf(copying);
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
