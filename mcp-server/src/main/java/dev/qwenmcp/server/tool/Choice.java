package dev.qwenmcp.server.tool;

import dev.qwenmcp.engine.Usage;
import java.util.List;

/**
 * How a model chose among options.
 *
 * @param probabilities of the options in their order; they add up to 1
 * @param usage what it cost
 * @param notes what the caller should know of the probabilities
 */
record Choice(double[] probabilities, Usage usage, List<String> notes) {
  Choice {
    notes = List.copyOf(notes);
  }
}
