package dev.qwenmcp.server.flow.run;

import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * How a step of a run ended.
 *
 * @param address of the step in the run: {@code found}, or {@code each[2].summary} in a loop
 * @param tool empty for loops and parallel steps
 * @param state of the step
 * @param result what the step gave, the error where the flow goes on after one
 * @param attempts calls of the tool
 * @param millis from the first call to the end
 */
public record StepRecord(
    String address,
    String tool,
    State state,
    Optional<JsonNode> result,
    int attempts,
    long millis) {

  /** How it ended. */
  public enum State {
    DONE,
    SKIPPED,
    /** And the flow went on. */
    FAILED
  }

  static StepRecord skipped(String address) {
    return new StepRecord(address, "", State.SKIPPED, Optional.empty(), 0, 0);
  }
}
