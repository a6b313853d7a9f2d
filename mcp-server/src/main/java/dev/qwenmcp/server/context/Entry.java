package dev.qwenmcp.server.context;

import dev.qwenmcp.engine.Usage;
import java.time.Instant;
import java.util.List;

/**
 * One thing that a context holds; never changes once appended.
 *
 * @param index position in its context, from 0
 * @param role {@code document}, {@code user}, {@code assistant}, {@code passages}, {@code result}
 * @param tool the tool that wrote it
 * @param model the model that produced it, empty if none
 * @param text readable content
 * @param structuredJson structured content as JSON text, empty if none
 * @param tokens ids that the model produced, so that they are never rendered again; empty if none
 * @param usage what producing it cost
 * @param created when it was written
 */
public record Entry(
    int index,
    String role,
    String tool,
    String model,
    String text,
    String structuredJson,
    List<Integer> tokens,
    Usage usage,
    Instant created) {
  public Entry {
    tokens = List.copyOf(tokens);
  }
}
