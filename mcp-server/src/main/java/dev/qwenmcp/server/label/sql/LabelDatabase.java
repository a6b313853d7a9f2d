package dev.qwenmcp.server.label.sql;

import dev.qwenmcp.server.label.LabelSetException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection to an SQLite database in write-ahead-log mode, opened on first use; one
 * transaction at a time. Other processes may use the same file. Commits are on disk before they
 * return.
 */
final class LabelDatabase implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LabelDatabase.class);
  private static final int PATIENCE_MILLIS = 30_000;
  private static final int VERSION = 1;

  private static final List<String> TABLES =
      List.of(
          """
          CREATE TABLE label_sets (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            principal TEXT NOT NULL,
            name TEXT NOT NULL,
            revision INTEGER NOT NULL,
            bytes INTEGER NOT NULL,
            created INTEGER NOT NULL,
            changed INTEGER NOT NULL,
            UNIQUE (principal, name))\
          """,
          """
          CREATE TABLE labels (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            label_set INTEGER NOT NULL REFERENCES label_sets (id) ON DELETE CASCADE,
            name TEXT NOT NULL,
            description TEXT NOT NULL,
            UNIQUE (label_set, name))\
          """,
          """
          CREATE TABLE examples (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            label_set INTEGER NOT NULL REFERENCES label_sets (id) ON DELETE CASCADE,
            label INTEGER NOT NULL REFERENCES labels (id) ON DELETE CASCADE,
            text TEXT NOT NULL,
            UNIQUE (label_set, label, text))\
          """,
          """
          CREATE TABLE vectors (
            example INTEGER NOT NULL REFERENCES examples (id) ON DELETE CASCADE,
            embedder TEXT NOT NULL,
            vector BLOB NOT NULL,
            PRIMARY KEY (example, embedder)) WITHOUT ROWID\
          """,
          """
          CREATE TABLE classifiers (
            label_set INTEGER NOT NULL REFERENCES label_sets (id) ON DELETE CASCADE,
            embedder TEXT NOT NULL,
            revision INTEGER NOT NULL,
            classifier BLOB NOT NULL,
            PRIMARY KEY (label_set, embedder))\
          """);

  private final Optional<Path> file;
  private Connection connection;
  private boolean closed;

  /**
   * @param file made on first use with its folder; none for memory
   */
  LabelDatabase(Optional<Path> file) {
    this.file = file;
  }

  /** Work inside a transaction. */
  @FunctionalInterface
  interface Work<T> {
    T run(LabelDatabase database) throws SQLException, LabelSetException;
  }

  /** Turns the row that a result stands on into a value. */
  @FunctionalInterface
  interface Row<T> {
    T read(ResultSet row) throws SQLException;
  }

  /** Runs work in a transaction that reads. */
  synchronized <T> T read(Work<T> work) throws LabelSetException {
    return transaction("BEGIN", work);
  }

  /** Runs work in a transaction that writes: all of it happens or nothing. */
  synchronized <T> T write(Work<T> work) throws LabelSetException {
    return transaction("BEGIN IMMEDIATE", work);
  }

  private <T> T transaction(String begin, Work<T> work) throws LabelSetException {
    try {
      open();
      execute(begin);
      boolean done = false;
      try {
        T result = work.run(this);
        execute("COMMIT");
        done = true;
        return result;
      } finally {
        if (!done) {
          rollBack();
        }
      }
    } catch (SQLException | IOException e) {
      throw new LabelSetException(
          LabelSetException.Kind.STORAGE,
          "%s cannot be read or written (%s); check the disk, its free space and permissions"
              .formatted(file.map(Path::toString).orElse("memory"), e.getMessage()),
          e);
    }
  }

  private void rollBack() {
    try {
      execute("ROLLBACK");
    } catch (SQLException e) {
      LOG.debug("nothing to undo; the connection is opened anew", e);
      disconnect();
    }
  }

  private void open() throws SQLException, IOException {
    if (closed) {
      throw new IllegalStateException("the label sets are closed");
    }
    if (connection != null) {
      return;
    }
    if (file.isPresent()) {
      makePrivate(file.get().toAbsolutePath().getParent());
    }
    String place = file.map(path -> path.toAbsolutePath().toString()).orElse(":memory:");
    connection = DriverManager.getConnection("jdbc:sqlite:" + place);
    try {
      execute("PRAGMA busy_timeout=" + PATIENCE_MILLIS);
      execute("PRAGMA journal_mode=WAL");
      execute("PRAGMA synchronous=FULL");
      execute("PRAGMA foreign_keys=ON");
      execute("PRAGMA trusted_schema=OFF");
      makeTables();
    } catch (SQLException e) {
      disconnect();
      throw e;
    }
  }

  /** Texts of users lie there: a folder that is made is theirs alone. */
  private static void makePrivate(Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      return;
    }
    if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.createDirectories(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } else {
      Files.createDirectories(folder);
    }
  }

  private void makeTables() throws SQLException {
    execute("BEGIN IMMEDIATE");
    long version = number("PRAGMA user_version");
    if (version > VERSION) {
      throw new SQLException(
          "written by a newer version of this program: use that, or another --data-dir");
    }
    if (version == 0) {
      for (String table : TABLES) {
        execute(table);
      }
      execute("CREATE INDEX examples_of_set ON examples (label_set, id)");
      execute("PRAGMA user_version=" + VERSION);
    }
    execute("COMMIT");
  }

  private void execute(String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  <T> List<T> all(String sql, Row<T> row, Object... parameters) throws SQLException {
    try (PreparedStatement statement = prepare(sql, parameters);
        ResultSet rows = statement.executeQuery()) {
      List<T> result = new ArrayList<>();
      while (rows.next()) {
        result.add(row.read(rows));
      }
      return result;
    }
  }

  long number(String sql, Object... parameters) throws SQLException {
    return all(sql, row -> row.getLong(1), parameters).getFirst();
  }

  int update(String sql, Object... parameters) throws SQLException {
    try (PreparedStatement statement = prepare(sql, parameters)) {
      return statement.executeUpdate();
    }
  }

  /** Statements that are used many times in one transaction; the caller closes them. */
  PreparedStatement prepare(String sql, Object... parameters) throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql);
    for (int i = 0; i < parameters.length; i++) {
      statement.setObject(i + 1, parameters[i]);
    }
    return statement;
  }

  private void disconnect() {
    try {
      connection.close();
    } catch (SQLException e) {
      LOG.debug("closing {}", file, e);
    }
    connection = null;
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (connection != null) {
      disconnect();
    }
  }
}
