package dev.qwenmcp.server.context.sql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A connection with its prepared statements; for one thread at a time. */
final class SqlSession implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SqlSession.class);

  private final Connection connection;

  /** Statements by their text: the store has a few dozen, all constant. */
  private final Map<String, PreparedStatement> statements = new HashMap<>();

  SqlSession(Connection connection) {
    this.connection = connection;
  }

  /** Turns the row that a result stands on into a value. */
  @FunctionalInterface
  interface Row<T> {
    T read(ResultSet row) throws SQLException;
  }

  Connection connection() {
    return connection;
  }

  /** All rows of a query. */
  <T> List<T> all(String sql, Row<T> row, Object... parameters) throws SQLException {
    try (ResultSet rows = prepare(sql, parameters).executeQuery()) {
      List<T> result = new ArrayList<>();
      while (rows.next()) {
        result.add(row.read(rows));
      }
      return result;
    }
  }

  /** The first row of a query. */
  <T> Optional<T> first(String sql, Row<T> row, Object... parameters) throws SQLException {
    try (ResultSet rows = prepare(sql, parameters).executeQuery()) {
      return rows.next() ? Optional.of(row.read(rows)) : Optional.empty();
    }
  }

  /** The only value of a query that always has one. */
  long number(String sql, Object... parameters) throws SQLException {
    return first(sql, row -> row.getLong(1), parameters)
        .orElseThrow(() -> new SQLException("no row: " + sql));
  }

  /** Number of rows that were changed. */
  int update(String sql, Object... parameters) throws SQLException {
    return prepare(sql, parameters).executeUpdate();
  }

  /** Statements without parameters that are not worth keeping. */
  void execute(String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private PreparedStatement prepare(String sql, Object... parameters) throws SQLException {
    PreparedStatement statement = statements.get(sql);
    if (statement == null) {
      statement = connection.prepareStatement(sql);
      statements.put(sql, statement);
    }
    for (int i = 0; i < parameters.length; i++) {
      set(statement, i + 1, parameters[i]);
    }
    return statement;
  }

  private static void set(PreparedStatement statement, int at, Object value) throws SQLException {
    switch (value) {
      case byte[] bytes -> statement.setBytes(at, bytes);
      case String text -> statement.setString(at, text);
      case Integer number -> statement.setInt(at, number);
      case Long number -> statement.setLong(at, number);
      case Double number -> statement.setDouble(at, number);
      default ->
          throw new IllegalArgumentException("no parameter of SQL: " + value.getClass().getName());
    }
  }

  /**
   * Ends a transaction that failed. SQLite's driver closes a statement that fails, and SQLite may
   * have undone everything by itself.
   *
   * @return whether the connection can be used again
   */
  boolean rollBack() {
    List<PreparedStatement> prepared = List.copyOf(statements.values());
    statements.clear();
    try {
      for (PreparedStatement statement : prepared) {
        statement.close();
      }
      execute("ROLLBACK");
      return true;
    } catch (SQLException e) {
      LOG.debug("Nothing to undo, or not possible", e);
      return false;
    }
  }

  /** Closes the connection, and with it the statements. */
  @Override
  public void close() throws SQLException {
    statements.clear();
    connection.close();
  }
}
