package dev.qwenmcp.server.context.sql;

import dev.qwenmcp.server.context.ContextChange;
import dev.qwenmcp.server.context.ContextId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/**
 * The record of changes and the sum of bytes.
 *
 * <p>Whoever changes something locks the only row of totals as the last thing in its transaction;
 * so numbers become visible in their order, and the lock is held for little more than the commit.
 */
final class Totals {
  /** Changes on record: hours of a busy server. */
  private static final long ON_RECORD = 100_000;

  private static final int TRIMMED_AT_ONCE = 1_000;

  private Totals() {}

  /** Counts a change and says how many bytes there are after it. */
  static long record(
      Database database, SqlSession session, ContextRow row, ContextChange.Kind kind, Effect effect)
      throws SQLException {
    long[] totals =
        session
            .first(
                "UPDATE context_totals SET change = change + 1, bytes = bytes + ? WHERE id = 1"
                    + " RETURNING change, bytes",
                result -> new long[] {result.getLong(1), result.getLong(2)},
                effect.bytes())
            .orElseThrow(() -> new SQLException("the row of totals is missing"));
    session.update(
        "INSERT INTO context_changes (number, handle, principal, kind, first, version, at)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?)",
        totals[0],
        row.handle().value(),
        row.principal(),
        kind.ordinal(),
        effect.first(),
        effect.version(),
        effect.at());
    database.announce(session, totals[0]);
    return totals[1];
  }

  /**
   * What a change did.
   *
   * @param first index of the first new entry
   * @param version entries afterwards
   * @param bytes added, negative if removed
   * @param at when, in microseconds
   */
  record Effect(int first, int version, long bytes, long at) {
    /** Nothing but the fact. */
    static Effect on(ContextRow row, long at) {
      return new Effect(row.entries(), row.entries(), 0, at);
    }
  }

  static long last(SqlSession session) throws SQLException {
    return session.number("SELECT change FROM context_totals WHERE id = 1");
  }

  static long oldest(SqlSession session) throws SQLException {
    return session
        .first("SELECT number FROM context_changes ORDER BY number LIMIT 1", row -> row.getLong(1))
        .orElse(last(session) + 1);
  }

  static List<ContextChange> after(SqlSession session, long number, int limit) throws SQLException {
    return session.all(
        "SELECT number, handle, principal, kind, first, version, at FROM context_changes"
            + " WHERE number > ? ORDER BY number LIMIT ?",
        Totals::change,
        number,
        limit);
  }

  private static ContextChange change(ResultSet row) throws SQLException {
    return new ContextChange(
        row.getLong(1),
        new ContextId(row.getString(2)),
        row.getString(3),
        ContextChange.Kind.values()[row.getInt(4)],
        row.getInt(5),
        row.getInt(6),
        Micros.toInstant(row.getLong(7)));
  }

  /** Whether more than {@link #trim} would remove is on record. */
  static boolean isLong(SqlSession session) throws SQLException {
    return last(session) - oldest(session) > ON_RECORD + TRIMMED_AT_ONCE;
  }

  static void trim(SqlSession session) throws SQLException {
    long oldest = oldest(session);
    session.update(
        "DELETE FROM context_changes WHERE number < ?",
        Math.min(oldest + TRIMMED_AT_ONCE, last(session) - ON_RECORD));
  }
}
