package dev.qwenmcp.server.context.sql;

import dev.qwenmcp.server.context.ContextId;
import dev.qwenmcp.server.context.ContextInfo;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * A row of the table of contexts; its columns are described in {@link Schema}.
 *
 * @param expires as it is on disk, which may lag behind by the renewals of the last second
 */
record ContextRow(
    long id,
    ContextId handle,
    String principal,
    String title,
    long created,
    long expires,
    boolean pinned,
    int state,
    long ended,
    long segment,
    int entries,
    long bytes) {
  static final int OPEN = 0;
  static final int CLOSED = 1;
  static final int EXPIRED = 2;

  static final String COLUMNS =
      "id, handle, principal, title, created, expires, pinned, state, ended, segment, entries, bytes";

  static ContextRow read(ResultSet row) throws SQLException {
    return new ContextRow(
        row.getLong(1),
        new ContextId(row.getString(2)),
        row.getString(3),
        row.getString(4),
        row.getLong(5),
        row.getLong(6),
        row.getInt(7) != 0,
        row.getInt(8),
        row.getLong(9),
        row.getLong(10),
        row.getInt(11),
        row.getLong(12));
  }

  ContextInfo info(long expiresNow) {
    return new ContextInfo(
        handle,
        title,
        Micros.toInstant(created),
        Micros.toInstant(expiresNow),
        pinned,
        entries,
        bytes);
  }
}
