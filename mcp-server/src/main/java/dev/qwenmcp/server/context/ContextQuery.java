package dev.qwenmcp.server.context;

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
   * The number in {@link #after}.
   *
   * @throws ContextException if no page ended like that
   */
  public long afterNumber() throws ContextException {
    if (after.isEmpty()) {
      return Long.MAX_VALUE;
    }
    try {
      return Long.parseLong(after, Character.MAX_RADIX);
    } catch (NumberFormatException e) {
      throw new ContextException(
          ContextException.Kind.UNKNOWN,
          "no list of contexts goes on at '%s'; use next_cursor of the page before"
              .formatted(after));
    }
  }

  /** The value of {@link #after} that goes on behind a context's number. */
  public static String behind(long number) {
    return Long.toString(number, Character.MAX_RADIX);
  }
}
