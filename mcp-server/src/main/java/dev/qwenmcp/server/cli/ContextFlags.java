package dev.qwenmcp.server.cli;

import dev.qwenmcp.server.context.ContextException;
import dev.qwenmcp.server.context.ContextLimits;
import dev.qwenmcp.server.context.ContextStore;
import dev.qwenmcp.server.context.InMemoryContextStore;
import dev.qwenmcp.server.context.ResilientContextStore;
import dev.qwenmcp.server.context.sql.PostgresSettings;
import dev.qwenmcp.server.context.sql.SqlContextStore;
import dev.qwenmcp.server.context.sql.SqliteSettings;
import dev.qwenmcp.server.flow.run.RunStore;
import dev.qwenmcp.server.flow.sql.SqliteRunStore;
import dev.qwenmcp.server.job.JobStore;
import dev.qwenmcp.server.job.sql.SqliteJobStore;
import dev.qwenmcp.server.protocol.modern.StateKey;
import dev.qwenmcp.server.store.PrivateFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Where contexts are kept. */
final class ContextFlags {
  static final String MEMORY = "memory";

  private static final Duration PAUSE = Duration.ofSeconds(5);
  private static final String USER = "QWEN_MCP_CONTEXTS_USER";
  private static final String PASSWORD = "QWEN_MCP_CONTEXTS_PASSWORD";

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      defaultValue = "${env:QWEN_MCP_DATA}",
      description =
          "Folder for what outlives the server (default: $QWEN_MCP_DATA, or the system's place"
              + " for data of programs, such as ~/.local/share/qwen-mcp).")
  private Path folder;

  @Option(
      names = "--contexts",
      paramLabel = "PLACE",
      defaultValue = "${env:QWEN_MCP_CONTEXTS}",
      description = {
        "Where contexts are kept: \"memory\", or jdbc:postgresql://HOST/DATABASE (default:"
            + " $QWEN_MCP_CONTEXTS, or a file in the data folder).",
        "User and password: $QWEN_MCP_CONTEXTS_USER, $QWEN_MCP_CONTEXTS_PASSWORD."
      })
  private String place;

  /** The folder for data; it need not exist. */
  Path dataFolder() {
    return folder == null ? DataFolder.standard() : folder.toAbsolutePath().normalize();
  }

  /** Where runs of flows are kept: in the data folder, unless contexts end with the server. */
  RunStore runs() {
    return MEMORY.equals(place)
        ? runsInMemory()
        : SqliteRunStore.in(dataFolder(), InstantSource.system());
  }

  /** Where jobs are kept: in the data folder, unless contexts end with the server. */
  JobStore jobs() {
    return MEMORY.equals(place)
        ? SqliteJobStore.inMemory(InstantSource.system())
        : SqliteJobStore.in(dataFolder(), InstantSource.system());
  }

  /**
   * The secret that seals what travels through clients; that of the data folder, unless contexts
   * end with the server.
   */
  StateKey stateKey() {
    SecureRandom random = new SecureRandom();
    if (!MEMORY.equals(place)) {
      try {
        PrivateFolder.make(dataFolder());
        return StateKey.in(dataFolder(), random);
      } catch (IOException e) {
        // No constant, since logging takes its level from the command line that this is part of.
        Logger log = LoggerFactory.getLogger(ContextFlags.class);
        log.warn("Questions to users end with this server, since {}", e.getMessage());
      }
    }
    return StateKey.random(random);
  }

  /** Contexts that end with the command. */
  static InMemoryContextStore inMemory() {
    return new InMemoryContextStore(
        ContextLimits.DEFAULT, InstantSource.system(), new SecureRandom());
  }

  /** Runs that end with the command. */
  static RunStore runsInMemory() {
    return SqliteRunStore.inMemory(InstantSource.system());
  }

  /** The folder of the user's flows; it need not exist. */
  Optional<Path> flows() {
    return Optional.of(dataFolder().resolve("flows"));
  }

  /** The contexts for a server, which goes on from memory while their place is out of order. */
  ContextStore serving() {
    InMemoryContextStore memory = inMemory();
    if (MEMORY.equals(place)) {
      return memory;
    }
    requireKnownPlace();
    return new ResilientContextStore(this::open, memory, InstantSource.system(), PAUSE);
  }

  private void requireKnownPlace() {
    if (place != null && !place.startsWith(PostgresSettings.URL_PREFIX)) {
      throw new ParameterException(
          spec.commandLine(),
          "--contexts: expected \"memory\" or a URL that begins with "
              + PostgresSettings.URL_PREFIX
              + "//, got "
              + place);
    }
  }

  /**
   * The contexts on disk themselves.
   *
   * @throws ContextException if they cannot be opened
   */
  ContextStore open() throws ContextException {
    if (MEMORY.equals(place)) {
      throw new ParameterException(
          spec.commandLine(), "--contexts memory: there is nothing but in a running server");
    }
    requireKnownPlace();
    InstantSource clock = InstantSource.system();
    SecureRandom random = new SecureRandom();
    if (place == null) {
      return SqlContextStore.sqlite(
          SqliteSettings.in(dataFolder()), ContextLimits.DURABLE, clock, random);
    }
    return SqlContextStore.postgresql(
        PostgresSettings.of(place, environment(USER), environment(PASSWORD)),
        ContextLimits.DURABLE,
        clock,
        random);
  }

  private static String environment(String name) {
    return System.getenv().getOrDefault(name, "");
  }
}
