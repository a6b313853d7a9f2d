package dev.qwenmcp.server.context;

import java.util.Optional;

/**
 * Which contexts to list.
 *
 * @param title part of the title in any case, empty for all
 * @param after {@link ContextPage#next} of the page before, empty for the first
 * @param limit most contexts of one page, at least 1
 */
public record ContextQuery(String title, String after, int limit) {
  public ContextQuery {
    if (limit < 1) {
      throw new IllegalArgumentException("a page holds at least one context: " + limit);
    }
  }

  /**
   * The context behind which to go on, one of the principal's own: a number would tell how many
   * others there are.
   */
  public Optional<ContextId> afterContext() {
    return after.isEmpty() ? Optional.empty() : Optional.of(new ContextId(after));
  }

  /** That no page of the principal ended like that, or one so long ago that it is forgotten. */
  public ContextException nowhere() {
    return new ContextException(
        ContextException.Kind.UNKNOWN,
        "no list of contexts goes on at '%s'; use next_cursor of the page before, or begin again"
            .formatted(after));
  }
}
