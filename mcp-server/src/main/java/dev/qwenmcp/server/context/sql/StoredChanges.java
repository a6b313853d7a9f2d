package dev.qwenmcp.server.context.sql;

import dev.qwenmcp.server.context.ChangeFeed;
import dev.qwenmcp.server.context.ContextChange;
import dev.qwenmcp.server.context.ContextException;
import java.util.List;

/** The changes that the database remembers. */
record StoredChanges(Database database) implements ChangeFeed.Record {
  @Override
  public long last() throws ContextException {
    return database.read(Totals::last);
  }

  @Override
  public long oldest() throws ContextException {
    return database.read(Totals::oldest);
  }

  @Override
  public List<ContextChange> after(long number, int limit) throws ContextException {
    return database.read(session -> Totals.after(session, number, limit));
  }
}
