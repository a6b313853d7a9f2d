package dev.qwenmcp.server.flow.run;

import java.util.List;
import java.util.Optional;

/**
 * How a run ended, or where it stands still.
 *
 * @param run as it is written down now
 * @param steps that have ended
 * @param failedStep address of the step that failed, if one did
 * @param seconds that this part of the run took
 */
public record RunReport(
    RunRecord run, List<StepRecord> steps, Optional<String> failedStep, double seconds) {
  public RunReport {
    steps = List.copyOf(steps);
  }
}
