package dev.qwenmcp.server.context.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Checks that the tables of a store agree with each other. Counts come from one pass over a table
 * each: it is run after every kill, on all that was written until then.
 */
public final class StoreAudit {
  private StoreAudit() {}

  public static void check(Path folder) throws SQLException {
    String url = "jdbc:sqlite:" + SqliteSettings.in(folder).file();
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      assertThat(text(statement, "PRAGMA integrity_check")).isEqualTo("ok");
      assertNone(
          statement,
          "bytes of all",
          "SELECT bytes FROM context_totals WHERE bytes <>"
              + " (SELECT COALESCE(SUM(bytes), 0) FROM context_entries)");
      assertNone(
          statement,
          "bytes of segments",
          "SELECT id FROM context_segments s WHERE bytes <>"
              + " (SELECT COALESCE(SUM(bytes), 0) FROM context_entries WHERE segment = s.id)");
      assertNone(
          statement,
          "children of segments",
          "SELECT s.id FROM context_segments s LEFT JOIN"
              + " (SELECT parent, COUNT(*) AS n FROM context_segments GROUP BY parent) c"
              + " ON c.parent = s.id WHERE s.children <> COALESCE(c.n, 0)");
      assertNone(
          statement,
          "live segments",
          "SELECT s.id FROM context_segments s LEFT JOIN"
              + " (SELECT segment, COUNT(*) AS n FROM contexts WHERE state = 0 GROUP BY segment) c"
              + " ON c.segment = s.id WHERE s.live <> COALESCE(c.n, 0)");
      assertNone(
          statement,
          "segments that nobody needs",
          "SELECT id FROM context_segments WHERE live = 0 AND children = 0");
      assertNone(
          statement,
          "entries without a segment",
          "SELECT segment FROM context_entries WHERE segment NOT IN"
              + " (SELECT id FROM context_segments)");
      assertNone(
          statement,
          "sizes of contexts",
          "SELECT c.id FROM contexts c JOIN context_segments s ON s.id = c.segment"
              + " WHERE c.state = 0 AND c.entries <> s.base +"
              + " (SELECT COUNT(*) FROM context_entries WHERE segment = s.id)");
      assertNone(
          statement,
          "numbers of changes",
          "SELECT change FROM context_totals WHERE change <>"
              + " (SELECT COALESCE(MAX(number), 0) FROM context_changes) OR"
              + " (SELECT COALESCE(MAX(number) - MIN(number) + 1, 0) FROM context_changes) <>"
              + " (SELECT COUNT(*) FROM context_changes)");
      try (ResultSet files =
          statement.executeQuery("SELECT text_file FROM context_entries WHERE text_file <> ''")) {
        while (files.next()) {
          assertThat(SqliteSettings.in(folder).textFolder().resolve(files.getString(1))).exists();
        }
      }
    }
  }

  private static void assertNone(Statement statement, String what, String query)
      throws SQLException {
    try (ResultSet rows = statement.executeQuery(query)) {
      assertThat(rows.next()).as(what + " disagree").isFalse();
    }
  }

  private static String text(Statement statement, String query) throws SQLException {
    try (ResultSet rows = statement.executeQuery(query)) {
      rows.next();
      return rows.getString(1);
    }
  }
}
