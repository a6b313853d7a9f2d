package dev.qwenmcp.server.context.sql;

import dev.qwenmcp.server.context.ContextChange;
import dev.qwenmcp.server.context.ContextException;
import java.sql.SQLException;

/** How contexts end: closed by somebody, or expired; for a while it is remembered that they did. */
final class ContextEnds {
  private final Database database;
  private final Segments segments;

  ContextEnds(Database database, Segments segments) {
    this.database = database;
    this.segments = segments;
  }

  /**
   * Ends a context and frees what no fork needs.
   *
   * @param state what it becomes: {@link ContextRow#CLOSED} or {@link ContextRow#EXPIRED}
   * @param when since when it is that
   */
  void end(SqlSession session, ContextRow row, int state, long when, long now) throws SQLException {
    session.update("UPDATE contexts SET state = ?, ended = ? WHERE id = ?", state, when, row.id());
    long freed = segments.release(session, row.segment(), database.dialect().forUpdate());
    Totals.record(
        database,
        session,
        row,
        state == ContextRow.CLOSED ? ContextChange.Kind.CLOSED : ContextChange.Kind.EXPIRED,
        new Totals.Effect(row.entries(), row.entries(), -freed, now));
  }

  /** Looks before it locks: most of the time there is nothing. */
  boolean isAnythingDue(long now, long forgotten) throws ContextException {
    return database.read(session ->
        session
                .first(
                    "SELECT 1 FROM contexts WHERE state = 0 AND pinned = 0 AND expires <= ? LIMIT 1",
                    row -> 1,
                    now)
                .isPresent()
            || session
                .first(
                    "SELECT 1 FROM contexts WHERE state <> 0 AND ended <= ? LIMIT 1",
                    row -> 1,
                    forgotten)
                .isPresent());
  }

  /**
   * Ends the context that should have ended first, if nobody else is at it.
   *
   * @return false if there is none
   */
  boolean expireOne(SqlSession session, long now) throws SQLException {
    var due =
        session.first(
            "SELECT "
                + ContextRow.COLUMNS
                + " FROM contexts WHERE state = 0 AND pinned = 0 AND expires <= ?"
                + " ORDER BY expires LIMIT 1"
                + database.dialect().skipLocked(),
            ContextRow::read,
            now);
    if (due.isPresent()) {
      end(session, due.get(), ContextRow.EXPIRED, due.get().expires(), now);
    }
    return due.isPresent();
  }

  /** Forgets contexts that ended before a time. */
  void forget(long before) throws ContextException {
    database.write(
        session -> session.update("DELETE FROM contexts WHERE state <> 0 AND ended <= ?", before));
  }
}
