package dev.qwenmcp.server.store;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One SQLite database in write-ahead-log mode, opened on first use so that a disk in trouble
 * troubles its users alone; one transaction at a time. Other processes may use the same file.
 * Commits are on disk before they return.
 */
public final class SqliteFile implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SqliteFile.class);
  private static final String MEMORY = ":memory:";
  private static final String VERSION = "PRAGMA user_version";

  private final Optional<Path> folder;
  private final String place;
  private final SqliteSchema schema;
  private final Duration patience;
  private Connection connection;
  private boolean closed;

  private SqliteFile(Optional<Path> folder, String place, SqliteSchema schema, Duration patience) {
    this.folder = folder;
    this.place = place;
    this.schema = schema;
    this.patience = patience;
  }

  /**
   * A file in a folder, which is made if need be.
   *
   * @param patience longest to wait for other processes' transactions
   */
  public static SqliteFile in(Path folder, String name, SqliteSchema schema, Duration patience) {
    Path file = folder.toAbsolutePath().resolve(name);
    return new SqliteFile(Optional.of(folder), file.toString(), schema, patience);
  }

  /** A database that ends with this. */
  public static SqliteFile inMemory(SqliteSchema schema) {
    return new SqliteFile(Optional.empty(), MEMORY, schema, Duration.ZERO);
  }

  /** Where it is, for messages. */
  public String place() {
    return folder.isEmpty() ? "memory" : place;
  }

  /**
   * Work inside a transaction.
   *
   * @param <E> what it may fail with besides
   */
  @FunctionalInterface
  public interface Work<T, E extends Exception> {
    T run(Transaction transaction) throws SQLException, E;
  }

  /** Turns the row that a result stands on into a value. */
  @FunctionalInterface
  public interface Row<T> {
    T read(ResultSet row) throws SQLException;
  }

  /**
   * Runs work in a transaction that reads.
   *
   * @throws IOException if the database cannot be read
   */
  public synchronized <T, E extends Exception> T read(Work<T, E> work) throws IOException, E {
    return transaction("BEGIN", work);
  }

  /**
   * Runs work in a transaction that writes: all of it happens or nothing.
   *
   * @throws IOException if the database cannot be read or written
   */
  public synchronized <T, E extends Exception> T write(Work<T, E> work) throws IOException, E {
    return transaction("BEGIN IMMEDIATE", work);
  }

  private <T, E extends Exception> T transaction(String begin, Work<T, E> work)
      throws IOException, E {
    try {
      Connection open = connection();
      boolean done = false;
      execute(open, begin);
      try {
        T result = work.run(new Transaction(open));
        execute(open, "COMMIT");
        done = true;
        return result;
      } finally {
        if (!done) {
          rollBack(open);
        }
      }
    } catch (SQLException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private void rollBack(Connection open) {
    try {
      execute(open, "ROLLBACK");
    } catch (SQLException e) {
      LOG.debug("nothing to undo in {}; it is opened anew", place, e);
      disconnect();
    }
  }

  private Connection connection() throws SQLException, IOException {
    if (closed) {
      throw new SQLException("the server is stopping");
    }
    if (connection == null) {
      if (folder.isPresent()) {
        PrivateFolder.make(folder.get());
      }
      connection = SqliteDriver.open(place);
      try {
        execute(connection, "PRAGMA busy_timeout=" + patience.toMillis());
        execute(connection, "PRAGMA journal_mode=WAL");
        execute(connection, "PRAGMA synchronous=FULL");
        execute(connection, "PRAGMA trusted_schema=OFF");
        execute(connection, "PRAGMA foreign_keys=ON");
        makeTables(new Transaction(connection));
      } catch (SQLException e) {
        disconnect();
        throw e;
      }
    }
    return connection;
  }

  private void makeTables(Transaction transaction) throws SQLException {
    if (transaction.number(VERSION) == schema.version()) {
      return;
    }
    execute(connection, "BEGIN IMMEDIATE");
    long version = transaction.number(VERSION); // another process may have been here meanwhile
    if (version > schema.version()) {
      throw new SQLException(
          "written by a newer version of this program: use that, or another --data-dir");
    }
    if (version < schema.version()) {
      for (String statement : schema.statements()) {
        execute(connection, statement);
      }
      execute(connection, VERSION + "=" + schema.version());
    }
    execute(connection, "COMMIT");
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private void disconnect() {
    try {
      connection.close();
    } catch (SQLException e) {
      LOG.debug("closing {}", place, e); // what was committed is on disk
    }
    connection = null;
  }

  /** What work does in its transaction. */
  public static final class Transaction {
    private final Connection connection;

    private Transaction(Connection connection) {
      this.connection = connection;
    }

    /** Runs a statement that changes rows; tells how many. */
    public int update(String sql, Object... values) throws SQLException {
      try (PreparedStatement statement = prepare(sql, values)) {
        return statement.executeUpdate();
      }
    }

    /** All rows of a query. */
    public <T> List<T> all(String sql, Row<T> row, Object... values) throws SQLException {
      try (PreparedStatement statement = prepare(sql, values);
          ResultSet rows = statement.executeQuery()) {
        List<T> result = new ArrayList<>();
        while (rows.next()) {
          result.add(row.read(rows));
        }
        return result;
      }
    }

    /** The first row of a query. */
    public <T> Optional<T> first(String sql, Row<T> row, Object... values) throws SQLException {
      return all(sql, row, values).stream().findFirst();
    }

    /** The number that a query gives in its first row. */
    public long number(String sql, Object... values) throws SQLException {
      return all(sql, row -> row.getLong(1), values).getFirst();
    }

    /** A statement that is used many times in this transaction; the caller closes it. */
    public PreparedStatement prepare(String sql, Object... values) throws SQLException {
      PreparedStatement statement = connection.prepareStatement(sql);
      for (int i = 0; i < values.length; i++) {
        statement.setObject(i + 1, values[i]);
      }
      return statement;
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (connection != null) {
      disconnect();
    }
  }
}
