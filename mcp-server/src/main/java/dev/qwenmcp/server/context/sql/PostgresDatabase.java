package dev.qwenmcp.server.context.sql;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool;
import dev.qwenmcp.server.context.ChangeFeed;
import dev.qwenmcp.server.context.ContextException;
import dev.qwenmcp.server.context.StorageException;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A PostgreSQL database behind a small pool of connections. */
final class PostgresDatabase implements Database {
  private static final Logger LOG = LoggerFactory.getLogger(PostgresDatabase.class);

  /** Any number that other programs do not use: the letters QMCP. */
  private static final long SCHEMA_LOCK = 0x514d4350L;

  private static final int ATTEMPTS = 5;

  private final PostgresSettings settings;
  private final HikariDataSource pool;

  PostgresDatabase(PostgresSettings settings) throws StorageException {
    this.settings = settings;
    HikariConfig config = new HikariConfig();
    config.setPoolName("contexts");
    config.setJdbcUrl(settings.url());
    if (!settings.user().isEmpty()) {
      config.setUsername(settings.user());
    }
    if (!settings.password().isEmpty()) {
      config.setPassword(settings.password());
    }
    config.setAutoCommit(false);
    config.setMaximumPoolSize(settings.connections());
    config.setMinimumIdle(1);
    config.setConnectionTimeout(settings.patience().toMillis());
    config.addDataSourceProperty("ApplicationName", "qwen-mcp");
    // A commit is on disk whatever the server's default is.
    config.setConnectionInitSql(
        "SET synchronous_commit = on; SET lock_timeout = " + settings.patience().toMillis());
    try {
      this.pool = new HikariDataSource(config);
    } catch (HikariPool.PoolInitializationException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw PostgresFailures.unreachable(settings.place(), new SQLException(cause.getMessage(), e));
    }
  }

  @Override
  public <T> T read(Work<T> work) throws ContextException {
    return within(work, true);
  }

  @Override
  public <T> T write(Work<T> work) throws ContextException {
    return within(work, false);
  }

  @Override
  public <T> T writeLightly(Work<T> work) throws ContextException {
    return within(
        session -> {
          session.execute("SET LOCAL synchronous_commit = off");
          return work.run(session);
        },
        false);
  }

  private <T> T within(Work<T> work, boolean readOnly) throws ContextException {
    for (int attempt = 1; ; attempt++) {
      // Once the commit is on its way nobody knows whether a lost connection lost it as well.
      AtomicBoolean committing = new AtomicBoolean();
      try {
        return once(work, readOnly, committing);
      } catch (SQLException e) {
        boolean again =
            PostgresFailures.isCollision(e)
                || PostgresFailures.isUnreachable(e) && (readOnly || !committing.get());
        if (!again || attempt == ATTEMPTS || pool.isClosed()) {
          requireOpen();
          throw failure(e);
        }
      }
    }
  }

  private <T> T once(Work<T> work, boolean readOnly, AtomicBoolean committing)
      throws SQLException, ContextException {
    requireOpen();
    try (Connection connection = pool.getConnection()) {
      SqlSession session = new SqlSession(connection);
      boolean done = false;
      try {
        if (readOnly) {
          session.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY");
        }
        T result = work.run(session);
        committing.set(true);
        connection.commit();
        done = true;
        return result;
      } finally {
        if (!done) {
          rollBack(connection);
        }
      }
    }
  }

  private static void rollBack(Connection connection) {
    try {
      connection.rollback();
    } catch (SQLException e) {
      LOG.debug("The connection is lost, and what was not committed with it", e);
    }
  }

  private void requireOpen() {
    if (pool.isClosed()) {
      throw new IllegalStateException("the store is closed");
    }
  }

  @Override
  public void lockSchema(SqlSession session) throws SQLException {
    session.first("SELECT pg_advisory_xact_lock(?)", row -> 1, SCHEMA_LOCK);
  }

  @Override
  public Optional<TextFiles> textFiles() {
    return Optional.empty();
  }

  @Override
  public StorageException failure(IOException failure) {
    throw new IllegalStateException("texts are in the database", failure);
  }

  @Override
  public SqlDialect dialect() {
    return SqlDialect.POSTGRESQL;
  }

  @Override
  public String place() {
    return settings.place();
  }

  @Override
  public void announce(SqlSession session, long change) throws SQLException {
    session.first(
        "SELECT pg_notify(?, ?)", row -> 1, PostgresNotices.CHANNEL, Long.toString(change));
  }

  @Override
  public void announced() {
    // The commit has told everybody.
  }

  @Override
  public ChangeFeed.Signal listen() {
    return new PostgresNotices(settings);
  }

  @Override
  public void maintain() {
    // The server does.
  }

  @Override
  public StorageException failure(SQLException failure) {
    return PostgresFailures.of(failure, settings);
  }

  @Override
  public void close() {
    pool.close();
  }
}
