package dev.qwenmcp.server.context.sql;

import dev.qwenmcp.server.context.ChangeFeed;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits for {@code NOTIFY} on a connection of its own; a lost connection is made anew.
 *
 * <p>What was announced meanwhile is not missed: whoever waits here reads the record of changes
 * from where it stands, each time this returns.
 */
final class PostgresNotices implements ChangeFeed.Signal {
  static final String CHANNEL = "qwen_mcp_contexts";

  private static final Logger LOG = LoggerFactory.getLogger(PostgresNotices.class);

  private final PostgresSettings settings;
  private Connection connection;

  PostgresNotices(PostgresSettings settings) {
    this.settings = settings;
  }

  @Override
  public void await(long millis) throws InterruptedException {
    try {
      if (connection == null) {
        connect();
        return; // look at once: something may have been announced before
      }
      connection.unwrap(PGConnection.class).getNotifications((int) millis);
    } catch (SQLException e) {
      LOG.debug("Not listening, trying again", e);
      close();
      Thread.sleep(millis);
    }
  }

  private void connect() throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("ApplicationName", "qwen-mcp listener");
    if (!settings.user().isEmpty()) {
      properties.setProperty("user", settings.user());
    }
    if (!settings.password().isEmpty()) {
      properties.setProperty("password", settings.password());
    }
    connection = DriverManager.getConnection(settings.url(), properties);
    try (var statement = connection.createStatement()) {
      statement.execute("LISTEN " + CHANNEL);
    }
  }

  @Override
  public void close() {
    if (connection != null) {
      try {
        connection.close();
      } catch (SQLException e) {
        LOG.debug("Closing a connection that is lost", e);
      }
      connection = null;
    }
  }
}
