package dev.qwenmcp.server.context.sql;

import dev.qwenmcp.server.context.ContextException;
import dev.qwenmcp.server.context.ContextFork;
import dev.qwenmcp.server.context.ContextId;
import dev.qwenmcp.server.context.ContextPage;
import dev.qwenmcp.server.context.ContextQuery;
import dev.qwenmcp.server.context.ContextTitles;
import java.sql.SQLException;
import java.util.List;

/** Queries over all of a principal's contexts. */
final class ContextLists {
  private final Database database;

  ContextLists(Database database) {
    this.database = database;
  }

  /** A page of the contexts that a principal has open, the newest first. */
  ContextPage page(String principal, ContextQuery query, long now) throws ContextException {
    List<ContextRow> rows =
        database.read(session -> {
          long after = after(session, principal, query);
          return session.all(
              "SELECT "
                  + ContextRow.COLUMNS
                  + " FROM contexts WHERE principal = ? AND state = 0 AND id < ?"
                  + " AND (pinned = 1 OR expires > ?) AND "
                  + database.dialect().position()
                  + "(folded_title, ?) > 0 ORDER BY id DESC LIMIT ?",
              ContextRow::read,
              principal,
              after,
              now,
              ContextTitles.folded(query.title()),
              query.limit() + 1);
        });
    boolean more = rows.size() > query.limit();
    List<ContextRow> page = more ? rows.subList(0, query.limit()) : rows;
    return new ContextPage(
        page.stream().map(row -> row.info(row.expires())).toList(),
        more ? page.getLast().handle().value() : "");
  }

  /** The number of the context behind which a list goes on, which may have ended meanwhile. */
  private static long after(SqlSession session, String principal, ContextQuery query)
      throws SQLException, ContextException {
    if (query.afterContext().isEmpty()) {
      return Long.MAX_VALUE;
    }
    if (!OpenContexts.wellFormed(query.afterContext().get())) {
      throw query.nowhere();
    }
    return session
        .first(
            "SELECT id FROM contexts WHERE handle = ? AND principal = ?",
            row -> row.getLong("id"),
            query.after(),
            principal)
        .orElseThrow(query::nowhere);
  }

  /** Which of a principal's open contexts began as forks of which, and where. */
  List<ContextFork> forks(String principal, long now) throws ContextException {
    return database.read(session ->
        session.all(
            "SELECT fork.handle, origin.handle, segment.base FROM contexts fork"
                + " JOIN context_segments segment ON segment.id = fork.segment"
                + " JOIN contexts origin ON origin.segment = segment.parent"
                + " WHERE fork.principal = ? AND fork.state = 0"
                + " AND (fork.pinned = 1 OR fork.expires > ?)"
                + " AND origin.principal = ? AND origin.state = 0"
                + " AND (origin.pinned = 1 OR origin.expires > ?) ORDER BY fork.id",
            row ->
                new ContextFork(
                    new ContextId(row.getString(1)),
                    new ContextId(row.getString(2)),
                    row.getInt(3)),
            principal,
            now,
            principal,
            now));
  }
}
