package dev.qwenmcp.server.context.sql;

import dev.qwenmcp.server.context.ContextException;
import dev.qwenmcp.server.context.StorageException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/**
 * The tables, and how they came to be: each version is one list of statements, applied in one
 * transaction together with the row that says so. A process that dies in between has changed
 * nothing; of several that start at once, one applies it and the others find it done.
 *
 * <p>Times are microseconds since 1970. A context owns a segment, which holds the entries that were
 * appended to it; a fork's segment begins at {@code base} and goes on from its parent's.
 */
final class Schema {
  private static final String CREATE_VERSIONS =
      """
      CREATE TABLE IF NOT EXISTS context_schema (
        version INTEGER PRIMARY KEY,
        applied BIGINT NOT NULL)\
      """;

  /** Entry 0 makes version 1 of an empty database, entry n version n + 1 of version n. */
  private static final List<List<String>> VERSIONS =
      List.of(
          List.of(
              // children: forks that begin in this segment; live: 1 while its context lives;
              // bytes: of the entries that are in it.
              """
              CREATE TABLE context_segments (
                id {identity},
                parent BIGINT NOT NULL,
                base INTEGER NOT NULL,
                live INTEGER NOT NULL,
                children INTEGER NOT NULL,
                bytes BIGINT NOT NULL)\
              """,
              // state: 0 open, 1 closed, 2 expired; ended: when it became that; entries and bytes
              // include what is shared with the parent.
              """
              CREATE TABLE contexts (
                id {identity},
                handle TEXT NOT NULL UNIQUE,
                principal TEXT NOT NULL,
                title TEXT NOT NULL,
                folded_title TEXT NOT NULL,
                created BIGINT NOT NULL,
                expires BIGINT NOT NULL,
                pinned INTEGER NOT NULL,
                state INTEGER NOT NULL,
                ended BIGINT NOT NULL,
                segment BIGINT NOT NULL,
                entries INTEGER NOT NULL,
                bytes BIGINT NOT NULL)\
              """,
              "CREATE INDEX contexts_of_principal ON contexts (principal, state, id)",
              "CREATE INDEX contexts_by_expiry ON contexts (state, pinned, expires)",
              // total: bytes of the context up to and with this entry, so that a fork knows its
              // size at once. What is large comes last: a row's tail is not read for its head.
              """
              CREATE TABLE context_entries (
                segment BIGINT NOT NULL,
                position INTEGER NOT NULL,
                role TEXT NOT NULL,
                tool TEXT NOT NULL,
                model TEXT NOT NULL,
                fingerprint TEXT NOT NULL,
                created BIGINT NOT NULL,
                prompt_tokens INTEGER NOT NULL,
                cached_tokens INTEGER NOT NULL,
                restored_tokens INTEGER NOT NULL,
                generated_tokens INTEGER NOT NULL,
                prompt_seconds DOUBLE PRECISION NOT NULL,
                generate_seconds DOUBLE PRECISION NOT NULL,
                bytes BIGINT NOT NULL,
                total BIGINT NOT NULL,
                digest {bytes} NOT NULL,
                tokens {bytes} NOT NULL,
                structured {bytes} NOT NULL,
                text {bytes} NOT NULL,
                PRIMARY KEY (segment, position))\
              """,
              """
              CREATE TABLE context_changes (
                number BIGINT PRIMARY KEY,
                handle TEXT NOT NULL,
                principal TEXT NOT NULL,
                kind INTEGER NOT NULL,
                first INTEGER NOT NULL,
                version INTEGER NOT NULL,
                at BIGINT NOT NULL)\
              """,
              // One row: number of the last change, bytes of all entries. Whoever changes anything
              // locks it last, so numbers become visible in their order.
              """
              CREATE TABLE context_totals (
                id INTEGER PRIMARY KEY,
                change BIGINT NOT NULL,
                bytes BIGINT NOT NULL)\
              """,
              "INSERT INTO context_totals (id, change, bytes) VALUES (1, 0, 0)"),
          List.of("CREATE INDEX contexts_by_end ON contexts (state, ended)"),
          List.of(
              // text_file: where the text is if not in text, see TextFiles.
              "ALTER TABLE context_entries ADD COLUMN text_file TEXT NOT NULL DEFAULT ''",
              "CREATE INDEX context_entries_by_file ON context_entries (text_file)"
                  + " WHERE text_file <> ''",
              "CREATE TABLE context_texts_to_delete (name TEXT PRIMARY KEY)"));

  private Schema() {}

  /** The version that this program works with. */
  static int newest() {
    return VERSIONS.size();
  }

  /**
   * Brings the tables to the newest version.
   *
   * @throws StorageException if they are of a newer one
   */
  static void migrate(Database database, long nowMicros) throws ContextException {
    if (current(database) == newest()) {
      return;
    }
    database.write(session -> {
      database.lockSchema(session);
      session.execute(CREATE_VERSIONS);
      return null;
    });
    while (database.write(session -> step(database, session, nowMicros))) {
      // One version a transaction.
    }
  }

  private static int current(Database database) throws ContextException {
    return database.read(session -> {
      try (ResultSet tables =
          session
              .connection()
              .getMetaData()
              .getTables(null, null, "context_schema", new String[] {"TABLE"})) {
        return tables.next() ? version(session) : 0;
      }
    });
  }

  private static int version(SqlSession session) throws SQLException {
    return (int) session.number("SELECT COALESCE(MAX(version), 0) FROM context_schema");
  }

  private static boolean step(Database database, SqlSession session, long nowMicros)
      throws SQLException, ContextException {
    database.lockSchema(session);
    int version = version(session);
    if (version > newest()) {
      throw new StorageException(
          StorageException.Fault.NEWER,
          "%s was written by a newer qwen-mcp (schema version %d, this one knows %d): run that one, or choose another place with --data-dir"
              .formatted(database.place(), version, newest()),
          null);
    }
    if (version == newest()) {
      return false;
    }
    for (String statement : VERSIONS.get(version)) {
      session.execute(
          statement
              .replace("{identity}", database.dialect().identity())
              .replace("{bytes}", database.dialect().bytes()));
    }
    session.update(
        "INSERT INTO context_schema (version, applied) VALUES (?, ?)", version + 1, nowMicros);
    return true;
  }
}
