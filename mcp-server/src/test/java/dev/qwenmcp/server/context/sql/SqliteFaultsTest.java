package dev.qwenmcp.server.context.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.qwenmcp.server.context.ContextException;
import dev.qwenmcp.server.context.ContextId;
import dev.qwenmcp.server.context.ContextInfo;
import dev.qwenmcp.server.context.ContextLimits;
import dev.qwenmcp.server.context.ContextQuery;
import dev.qwenmcp.server.context.ContextStore;
import dev.qwenmcp.server.context.Entry;
import dev.qwenmcp.server.context.EntryDraft;
import dev.qwenmcp.server.context.InMemoryContextStore;
import dev.qwenmcp.server.context.RecordedChanges;
import dev.qwenmcp.server.context.ResilientContextStore;
import dev.qwenmcp.server.context.StorageException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an SQLite store does when its disk does not do what it should. */
class SqliteFaultsTest {
  private static final String WHO = "local";
  private static final String LONG = "x".repeat(100_000);

  @TempDir private Path folder;

  private ContextStore open(Path at, long mostPages) throws ContextException {
    return SqlContextStore.sqlite(
        new SqliteSettings(at, Duration.ofSeconds(5), 2, mostPages),
        ContextLimits.DURABLE,
        InstantSource.system(),
        new SecureRandom());
  }

  private static ResilientContextStore resilient(ResilientContextStore.Opening opening) {
    InstantSource clock = InstantSource.system();
    return new ResilientContextStore(
        opening,
        new InMemoryContextStore(ContextLimits.DEFAULT, clock, new SecureRandom()),
        clock,
        Duration.ofMillis(50));
  }

  private static List<EntryDraft> text(String text) {
    return List.of(EntryDraft.text("document", "test", text));
  }

  @Test
  void aFullDiskIsAnErrorThatSaysWhatToDoAndRecoversWithSpace() throws Exception {
    try (ContextStore store = open(folder, 50)) { // 400 KiB
      ContextId first = store.open(WHO, "").id();
      store.append(WHO, first, text(LONG));
      store.append(WHO, first, text(LONG));
      ContextId second = store.open(WHO, "").id();

      assertThatThrownBy(() -> store.append(WHO, second, text(LONG + LONG)))
          .isInstanceOfSatisfying(
              StorageException.class,
              e -> assertThat(e.fault()).isEqualTo(StorageException.Fault.FULL))
          .hasMessageContaining("free some");
      assertThat(store.info(WHO, second).entries()).isZero();
      assertThat(store.read(WHO, first, 0, 9)).hasSize(2);

      store.end(WHO, first);
      store.append(WHO, second, text(LONG + LONG));
      assertThat(store.read(WHO, second, 0, 9))
          .extracting(Entry::text)
          .containsExactly(LONG + LONG);
    }
    StoreAudit.check(folder);
  }

  @Test
  void aServerGoesOnFromMemoryWhileTheDiskIsFull() throws Exception {
    ContextId first;
    ContextId second;
    try (ResilientContextStore store = resilient(() -> open(folder, 50))) {
      first = store.open(WHO, "first").id();
      store.append(WHO, first, text(LONG));
      store.append(WHO, first, text(LONG));
      second = store.open(WHO, "second").id();
      assertThat(store.storage().durable()).isTrue();

      List<Entry> kept = store.append(WHO, second, text(LONG + LONG));
      store.append(WHO, second, text("and more"), OptionalInt.of(1));

      assertThat(kept.getFirst().index()).isZero();
      assertThat(store.storage().durable()).isFalse();
      assertThat(store.storage().trouble()).contains("kept in memory", "free some");
      assertThat(store.info(WHO, second).entries()).isEqualTo(2);
      assertThat(store.read(WHO, second, 1, 5)).extracting(Entry::text).containsExactly("and more");
      assertThat(store.heads(WHO, second, 0, 1)).hasSize(1);
      assertThatThrownBy(() -> store.append(WHO, second, text("x"), OptionalInt.of(0)))
          .isInstanceOf(ContextException.class)
          .hasMessageContaining("version 2");

      store.end(WHO, first);
      await(store);
    }
    try (ContextStore again = open(folder, 0)) {
      assertThat(again.read(WHO, second, 0, 9))
          .extracting(Entry::text)
          .containsExactly(LONG + LONG, "and more");
    }
    StoreAudit.check(folder);
  }

  @Test
  void aListGoesOnWhereAPageEndedAndNowhereElse() throws Exception {
    try (ResilientContextStore store = resilient(() -> open(folder, 0))) {
      store.open(WHO, "first");
      store.open(WHO, "second");
      String next = store.list(WHO, new ContextQuery("", "", 1)).next();
      assertThat(store.list(WHO, new ContextQuery("", next, 1)).contexts()).hasSize(1);

      for (String wrong : List.of("x", "m", "made up", "dx", "mx", next + "x")) {
        assertThatThrownBy(() -> store.list(WHO, new ContextQuery("", wrong, 1)))
            .as(wrong)
            .isInstanceOf(ContextException.class)
            .hasMessageContaining("next_cursor");
      }
    }
  }

  private static void await(ContextStore store) throws InterruptedException {
    for (int i = 0; i < 400 && !store.storage().durable(); i++) {
      Thread.sleep(25);
    }
    assertThat(store.storage().durable()).isTrue();
  }

  @Test
  void aServerWhoseFolderCannotBeWrittenServesFromMemoryUntilItCan() throws Exception {
    Path file = folder.resolve("in-the-way");
    Files.createFile(file);
    Path data = file.resolve("data");
    RecordedChanges heard = new RecordedChanges();
    try (ResilientContextStore store = resilient(() -> open(data, 0))) {
      try (var watch = store.watch(store.lastChange(), heard)) {
        ContextInfo early = store.open(WHO, "early");
        store.append(WHO, early.id(), text("a"));
        assertThat(store.storage().durable()).isFalse();
        assertThat(store.storage().trouble()).contains(data.toString(), "--data-dir");
        assertThatThrownBy(() -> store.info(WHO, ContextId.random(new SecureRandom())))
            .isInstanceOf(StorageException.class);
        heard.await(2);

        Files.delete(file);
        await(store);
        ContextInfo late = store.open(WHO, "late");
        store.append(WHO, late.id(), text("b"));
        heard.await(4);

        assertThat(store.read(WHO, early.id(), 0, 9)).hasSize(1);
        assertThat(store.storage(WHO, early.id()).trouble()).contains("ends with the server");
        assertThat(store.storage(WHO, late.id()).durable()).isTrue();
        assertThat(store.list(WHO, new ContextQuery("", "", 9)).contexts())
            .extracting(ContextInfo::title)
            .containsExactly("early");
        String next = store.list(WHO, new ContextQuery("", "", 9)).next();
        assertThat(store.list(WHO, new ContextQuery("", next, 9)).contexts())
            .extracting(ContextInfo::title)
            .containsExactly("late");
        assertThat(watch.position()).isEqualTo(store.lastChange());
      }
    }
  }

  @Test
  void aDamagedTextIsNeverRead() throws Exception {
    ContextId id;
    try (ContextStore store = open(folder, 0)) {
      id = store.open(WHO, "").id();
      store.append(WHO, id, text("the very words"));
    }
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + SqliteSettings.in(folder).file());
        var statement = connection.createStatement()) {
      statement.execute("UPDATE context_entries SET text = CAST('other words' AS BLOB)");
    }
    try (ContextStore store = open(folder, 0)) {
      assertThatThrownBy(() -> store.read(WHO, id, 0, 1))
          .isInstanceOfSatisfying(
              StorageException.class,
              e -> assertThat(e.fault()).isEqualTo(StorageException.Fault.DAMAGED));
    }
  }

  @Test
  void aFileThatIsNoDatabaseIsNamed() throws Exception {
    Files.writeString(SqliteSettings.in(folder).file(), "no database at all, ".repeat(100));

    assertThatThrownBy(() -> open(folder, 0))
        .isInstanceOfSatisfying(
            StorageException.class,
            e -> assertThat(e.fault()).isEqualTo(StorageException.Fault.DAMAGED))
        .hasMessageContaining("contexts.db");
  }

  @Test
  void tablesOfANewerVersionAreLeftAlone() throws Exception {
    open(folder, 0).close();
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + SqliteSettings.in(folder).file());
        var statement = connection.createStatement()) {
      statement.execute("INSERT INTO context_schema (version, applied) VALUES (99, 0)");
    }

    assertThatThrownBy(() -> open(folder, 0))
        .isInstanceOfSatisfying(
            StorageException.class,
            e -> assertThat(e.fault()).isEqualTo(StorageException.Fault.NEWER))
        .hasMessageContaining("99");
  }

  @Test
  void nobodyElseMayLookIntoTheFolder() throws Exception {
    Path data = folder.resolve("a").resolve("b");
    open(data, 0).close();

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data)))
        .isEqualTo("rwx------");
  }

  @Test
  void anotherStoreHearsOfEveryChangeOnceAndInOrder() throws Exception {
    try (ContextStore writer = open(folder, 0);
        ContextStore other = open(folder, 0)) {
      RecordedChanges heard = new RecordedChanges();
      try (var watch = other.watch(other.lastChange(), heard)) {
        List<Integer> versions = new ArrayList<>();
        ContextId id = writer.open(WHO, "").id();
        for (int i = 0; i < 100; i++) {
          writer.append(WHO, id, text("t" + i));
          versions.add(i + 1);
        }
        var changes = heard.await(101);
        assertThat(changes.subList(1, 101)).extracting(c -> c.version()).isEqualTo(versions);
        assertThat(watch.position()).isEqualTo(101);
      }
      assertThat(other.read(WHO, heard.soFar().getFirst().context(), 99, 1))
          .extracting(Entry::text)
          .containsExactly("t99");
    }
  }
}
