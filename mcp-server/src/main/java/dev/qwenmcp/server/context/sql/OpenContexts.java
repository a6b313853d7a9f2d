package dev.qwenmcp.server.context.sql;

import dev.qwenmcp.server.context.ContextException;
import dev.qwenmcp.server.context.ContextId;
import dev.qwenmcp.server.context.ContextLimits;
import dev.qwenmcp.server.context.ExpiredContextException;
import java.sql.SQLException;
import java.util.regex.Pattern;

/** Finds contexts that have neither been closed nor expired, and keeps them from expiring. */
final class OpenContexts {
  private static final Pattern ID = Pattern.compile("ctx_[A-Za-z0-9_-]{27}");

  private final ContextLimits limits;
  private final Renewals renewals;

  OpenContexts(ContextLimits limits, Renewals renewals) {
    this.limits = limits;
    this.renewals = renewals;
  }

  /**
   * Finds a context that is still open.
   *
   * @param lock how to lock it, empty for not at all
   */
  ContextRow find(SqlSession session, String principal, ContextId id, long now, String lock)
      throws SQLException, ContextException {
    if (!wellFormed(id)) {
      throw ContextException.unknown(id);
    }
    ContextRow row =
        session
            .first(
                "SELECT "
                    + ContextRow.COLUMNS
                    + " FROM contexts WHERE handle = ? AND principal = ?"
                    + lock,
                ContextRow::read,
                id.value(),
                principal)
            .orElseThrow(() -> ContextException.unknown(id));
    long remembered = now - Micros.in(limits.remembrance());
    if (row.state() == ContextRow.CLOSED) {
      throw row.ended() > remembered
          ? ContextException.closed(id, Micros.toInstant(row.ended()))
          : ContextException.unknown(id);
    }
    long expires = renewals.latest(row.id(), row.expires());
    if (row.state() == ContextRow.EXPIRED || !row.pinned() && expires <= now) {
      throw expires > remembered
          ? new ExpiredContextException(id, Micros.toInstant(expires), limits.lifetime())
          : ContextException.unknown(id);
    }
    return row;
  }

  /** Puts the end of a context's life off; the disk knows of it within a second. */
  long renew(ContextRow row, long now) {
    long expires = now + Micros.in(limits.lifetime());
    renewals.note(row.id(), expires);
    return expires;
  }

  /** Whether a handle can be one, and so be shown to a database. */
  static boolean wellFormed(ContextId id) {
    return ID.matcher(id.value()).matches();
  }

  /** Makes sure that a principal may open another one. */
  void requireOneMore(SqlSession session, String principal, long now)
      throws SQLException, ContextException {
    long open =
        session.number(
            "SELECT COUNT(*) FROM contexts WHERE principal = ? AND state = 0", principal);
    if (open < limits.contextsPerPrincipal()) {
      return; // an index alone told; which of them have expired is in the rows
    }
    long live =
        session.number(
            "SELECT COUNT(*) FROM contexts WHERE principal = ? AND state = 0"
                + " AND (pinned = 1 OR expires > ?)",
            principal,
            now);
    ContextException.requireWithin(
        live + 1,
        limits.contextsPerPrincipal(),
        "contexts",
        "close one you no longer need, or let the oldest expire");
  }
}
