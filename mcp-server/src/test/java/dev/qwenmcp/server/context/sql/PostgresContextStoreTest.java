package dev.qwenmcp.server.context.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.qwenmcp.server.context.ContextException;
import dev.qwenmcp.server.context.ContextId;
import dev.qwenmcp.server.context.ContextLimits;
import dev.qwenmcp.server.context.ContextStore;
import dev.qwenmcp.server.context.ContextStoreContract;
import dev.qwenmcp.server.context.Entry;
import dev.qwenmcp.server.context.RecordedChanges;
import dev.qwenmcp.server.context.StorageException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

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

  private static ContextStore open(PostgresSettings settings) throws ContextException {
    return SqlContextStore.postgresql(
        settings, ContextLimits.DURABLE, InstantSource.system(), new SecureRandom());
  }

  @Test
  void anotherStoreHearsOfEveryChangeOnceAlthoughConnectionsAreLost() throws Exception {
    PostgresSettings settings = server.newDatabase();
    try (ContextStore writer = open(settings);
        ContextStore other = open(settings)) {
      RecordedChanges heard = new RecordedChanges();
      try (var watch = other.watch(other.lastChange(), heard)) {
        ContextId id = writer.open("local", "").id();
        for (int i = 0; i < 60; i++) {
          writer.append("local", id, List.of(text("t" + i)));
          if (i % 20 == 10) {
            server.dropConnections();
          }
        }
        var changes = heard.await(61);
        assertThat(changes)
            .extracting(change -> change.number())
            .isEqualTo(LongStream.rangeClosed(1, 61).boxed().toList());
        assertThat(watch.position()).isEqualTo(61);
      }
      assertThat(other.info("local", heard.soFar().getFirst().context()).entries()).isEqualTo(60);
    }
  }

  @Test
  void manyWritersOfSeveralStoresLoseNothing() throws Exception {
    PostgresSettings settings = server.newDatabase();
    try (ContextStore first = open(settings);
        ContextStore second = open(settings);
        ExecutorService pool = Executors.newFixedThreadPool(6)) {
      ContextId id = first.open("local", "").id();
      List<Callable<Void>> work = new ArrayList<>();
      for (int t = 0; t < 6; t++) {
        ContextStore store = t % 2 == 0 ? first : second;
        work.add(() -> {
          for (int i = 0; i < 20; i++) {
            store.append("local", id, List.of(text("a"), text("b")));
            ContextId fork = store.fork("local", id, OptionalInt.of(2), "").id();
            store.append("local", fork, List.of(text("c")));
            store.end("local", fork);
          }
          return null;
        });
      }
      for (Future<Void> done : pool.invokeAll(work)) {
        done.get();
      }
      assertThat(second.info("local", id).entries()).isEqualTo(240);
      assertThat(first.lastChange()).isEqualTo(1 + 6 * 20 * 4);
    }
  }

  @Test
  void aServerThatIsGoneIsAnErrorUntilItIsBack() throws Exception {
    PostgresSettings usual = server.newDatabase();
    PostgresSettings hasty =
        new PostgresSettings(usual.url(), usual.user(), "", 2, Duration.ofSeconds(1));
    try (ContextStore store = open(hasty)) {
      ContextId id = store.open("local", "").id();
      store.append("local", id, List.of(text("kept")));
      server.kill();

      assertThatThrownBy(() -> store.append("local", id, List.of(text("not kept"))))
          .isInstanceOfSatisfying(
              StorageException.class,
              e -> assertThat(e.fault()).isEqualTo(StorageException.Fault.UNREACHABLE))
          .hasMessageContaining("postgresql://127.0.0.1");

      server.start();
      store.append("local", id, List.of(text("again")));
      assertThat(store.read("local", id, 0, 9))
          .extracting(Entry::text)
          .containsExactly("kept", "again");
    }
  }

  @Test
  void doesNotShowSecretsInItsPlace() {
    assertThat(
            PostgresSettings.of("jdbc:postgresql://u:p@host:5/db?password=secret", "u", "secret"))
        .hasToString("postgresql://host:5/db");
  }
}
