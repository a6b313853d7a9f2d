package dev.qwenmcp.server.context.sql;

import dev.qwenmcp.server.context.ContextLimits;
import dev.qwenmcp.server.context.ContextStore;
import dev.qwenmcp.server.context.ContextStoreContract;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import org.junit.jupiter.api.io.TempDir;

class SqliteContextStoreTest extends ContextStoreContract {
  @TempDir private Path folder;
  private int stores;

  @Override
  protected ContextStore create(ContextLimits limits, InstantSource clock, SecureRandom random)
      throws Exception {
    return SqlContextStore.sqlite(
        SqliteSettings.in(folder.resolve("store" + stores++)), limits, clock, random);
  }
}
