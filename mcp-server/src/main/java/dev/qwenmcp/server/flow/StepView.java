package dev.qwenmcp.server.flow;

import dev.qwenmcp.server.flow.run.StepRecord;
import dev.qwenmcp.server.protocol.Doc;
import java.util.Locale;

/** A step of a run as results show it. */
public record StepView(
    @Doc("Its name; in a loop with the round, such as each[2].summary") String step,
    @Doc(value = "The tool it called", optional = true) String tool,
    @Doc(
            value = "done, skipped because of its condition, or failed although the flow went on",
            oneOf = {"done", "skipped", "failed"})
        String state,
    @Doc(value = "Calls of the tool, if more than one", optional = true) Integer attempts,
    @Doc("Seconds from its first call to its end") double seconds) {

  static StepView of(StepRecord step) {
    return new StepView(
        step.address(),
        step.tool().isEmpty() ? null : step.tool(),
        step.state().name().toLowerCase(Locale.ROOT),
        step.attempts() > 1 ? step.attempts() : null,
        step.millis() / 1000.0);
  }
}
