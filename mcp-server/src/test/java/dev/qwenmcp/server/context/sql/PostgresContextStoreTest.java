package dev.qwenmcp.server.context.sql;

import dev.qwenmcp.server.context.ContextLimits;
import dev.qwenmcp.server.context.ContextStore;
import dev.qwenmcp.server.context.ContextStoreContract;
import java.security.SecureRandom;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The same promises on a PostgreSQL server of the test's own. */
class PostgresContextStoreTest extends ContextStoreContract {
  private static PostgresServer server;

  @BeforeAll
  static void startServer() throws Exception {
    server = PostgresServer.startOrSkip();
  }

  @AfterAll
  static void stopServer() throws Exception {
    if (server != null) {
      server.close();
    }
  }

  @Override
  protected ContextStore create(ContextLimits limits, InstantSource clock, SecureRandom random)
      throws Exception {
    return SqlContextStore.postgresql(server.newDatabase(), limits, clock, random);
  }
}
