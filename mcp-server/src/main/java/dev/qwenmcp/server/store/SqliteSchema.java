package dev.qwenmcp.server.store;

import java.util.List;

/**
 * What an SQLite database holds.
 *
 * @param version from 1 on; a database of a later version is refused
 * @param statements that make what is not there yet; run in one transaction where the database has
 *     an earlier version or none
 */
public record SqliteSchema(int version, List<String> statements) {
  public SqliteSchema {
    if (version < 1) {
      throw new IllegalArgumentException("a schema has a version from 1 on, not " + version);
    }
    statements = List.copyOf(statements);
  }
}
