package dev.qwenmcp.server.context;

import java.util.function.BooleanSupplier;

/**
 * Lists of contexts in memory and, behind them, of durable ones.
 *
 * @param isOpen whether there is a durable store
 * @param durable that store, or the reason why there is none
 */
record JoinedPages(
    InMemoryContextStore memory, BooleanSupplier isOpen, ResilientContextStore.Opening durable) {
  /** Begins the cursor of a page that goes on in memory, and of one that goes on on disk. */
  private static final String MEMORY_PAGE = "m";

  private static final String DURABLE_PAGE = "d";

  ContextPage list(String principal, ContextQuery query) throws ContextException {
    String after = query.after();
    if (!given(after)) {
      throw query.nowhere();
    }
    if (after.isEmpty() || after.startsWith(MEMORY_PAGE)) {
      ContextPage page = memory.list(principal, behind(query, after));
      if (!page.next().isEmpty()) {
        return new ContextPage(page.contexts(), MEMORY_PAGE + page.next());
      }
      if (!isOpen.getAsBoolean()) {
        return page;
      }
      if (!page.contexts().isEmpty()) {
        return new ContextPage(page.contexts(), DURABLE_PAGE);
      }
      after = DURABLE_PAGE;
    }
    ContextPage page = durable.open().list(principal, behind(query, after));
    return page.next().isEmpty()
        ? page
        : new ContextPage(page.contexts(), DURABLE_PAGE + page.next());
  }

  /** Whether a page may have ended like that; the stores look at the rest. */
  private static boolean given(String after) {
    return after.isEmpty()
        || after.startsWith(MEMORY_PAGE) && after.length() > MEMORY_PAGE.length()
        || after.startsWith(DURABLE_PAGE);
  }

  private static ContextQuery behind(ContextQuery query, String after) {
    return new ContextQuery(
        query.title(), after.isEmpty() ? "" : after.substring(1), query.limit());
  }
}
