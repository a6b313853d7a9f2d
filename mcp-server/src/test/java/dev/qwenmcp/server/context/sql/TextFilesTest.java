package dev.qwenmcp.server.context.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.qwenmcp.server.context.ContextException;
import dev.qwenmcp.server.context.ContextId;
import dev.qwenmcp.server.context.ContextLimits;
import dev.qwenmcp.server.context.ContextStore;
import dev.qwenmcp.server.context.Entry;
import dev.qwenmcp.server.context.EntryDraft;
import dev.qwenmcp.server.context.StorageException;
import dev.qwenmcp.server.context.VersionConflictException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Large texts of an SQLite store, which are files of their own. */
class TextFilesTest {
  private static final String WHO = "local";
  private static final String LARGE = "grün ".repeat(TextFiles.LEAST_BYTES / 6 + 1);

  @TempDir private Path folder;

  private ContextStore open() throws ContextException {
    return SqlContextStore.sqlite(
        SqliteSettings.in(folder),
        ContextLimits.DURABLE,
        InstantSource.system(),
        new SecureRandom());
  }

  private static List<EntryDraft> text(String text) {
    return List.of(EntryDraft.text("document", "test", text));
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(SqliteSettings.in(folder).textFolder())) {
      return files.toList();
    }
  }

  private void awaitFiles(int count) throws IOException, InterruptedException {
    for (int i = 0; i < 400 && files().size() != count; i++) {
      Thread.sleep(25);
    }
    assertThat(files()).hasSize(count);
  }

  @Test
  void aLargeTextIsAFileAndComesBackWhole() throws Exception {
    ContextId id;
    try (ContextStore store = open()) {
      id = store.open(WHO, "").id();
      store.append(
          WHO,
          id,
          List.of(
              EntryDraft.text("document", "test", "small"),
              EntryDraft.text("document", "test", LARGE)));
      assertThat(files()).hasSize(1);
      assertThat(Files.readString(files().getFirst())).isEqualTo(LARGE);
    }
    try (ContextStore store = open()) {
      assertThat(store.read(WHO, id, 0, 9)).extracting(Entry::text).containsExactly("small", LARGE);
      assertThat(store.heads(WHO, id, 1, 1).getFirst().bytes())
          .isEqualTo(Files.size(files().getFirst()));
    }
    StoreAudit.check(folder);
  }

  @Test
  void aFileGoesWithTheLastContextThatHasItsEntry() throws Exception {
    try (ContextStore store = open()) {
      ContextId id = store.open(WHO, "").id();
      store.append(WHO, id, text(LARGE));
      ContextId fork = store.fork(WHO, id, OptionalInt.of(1), "").id();
      store.append(WHO, id, text(LARGE + "not in the fork"));
      assertThat(files()).hasSize(2);

      store.end(WHO, id);
      awaitFiles(1);
      assertThat(store.read(WHO, fork, 0, 9)).extracting(Entry::text).containsExactly(LARGE);

      store.end(WHO, fork);
      awaitFiles(0);
    }
    StoreAudit.check(folder);
  }

  @Test
  void anEntryThatIsRefusedLeavesNoFile() throws Exception {
    try (ContextStore store = open()) {
      ContextId id = store.open(WHO, "").id();
      assertThatThrownBy(() -> store.append(WHO, id, text(LARGE), OptionalInt.of(7)))
          .isInstanceOf(VersionConflictException.class);
      assertThatThrownBy(() -> store.append(WHO, ContextId.random(new SecureRandom()), text(LARGE)))
          .isInstanceOf(ContextException.class);
      awaitFiles(0);
    }
  }

  @Test
  void anEntryWhoseFileCannotBeWrittenIsNotThere() throws Exception {
    try (ContextStore store = open()) {
      ContextId id = store.open(WHO, "").id();
      Path texts = SqliteSettings.in(folder).textFolder();
      Files.delete(texts);
      assertThatThrownBy(() -> store.append(WHO, id, text(LARGE)))
          .isInstanceOf(StorageException.class);
      Files.createDirectory(texts);
      assertThat(store.read(WHO, id, 0, 9)).isEmpty();
      store.append(WHO, id, text(LARGE));
      assertThat(store.read(WHO, id, 0, 9)).hasSize(1);
    }
    StoreAudit.check(folder);
  }

  @Test
  void whatADeadProcessLeftIsSweptAwayButNothingThatIsNew() throws Exception {
    ContextId id;
    try (ContextStore store = open()) {
      id = store.open(WHO, "").id();
      store.append(WHO, id, text(LARGE));
    }
    Path texts = SqliteSettings.in(folder).textFolder();
    FileTime anHourAgo = FileTime.from(Instant.now().minus(Duration.ofHours(1)));
    Path orphan = Files.writeString(texts.resolve("5f0b2f9a-0000-4000-8000-000000000001"), "left");
    Path fresh = Files.writeString(texts.resolve("5f0b2f9a-0000-4000-8000-000000000002"), "new");
    Path foreign = Files.writeString(texts.resolve("notes.txt"), "somebody's");
    Files.setLastModifiedTime(orphan, anHourAgo);
    Files.setLastModifiedTime(foreign, anHourAgo);
    for (Path file : files()) {
      Files.setLastModifiedTime(
          file, file.equals(fresh) ? FileTime.from(Instant.now()) : anHourAgo);
    }

    try (ContextStore store = open()) {
      awaitFiles(3);
      assertThat(orphan).doesNotExist();
      assertThat(fresh).exists();
      assertThat(foreign).exists();
      assertThat(store.read(WHO, id, 0, 9)).extracting(Entry::text).containsExactly(LARGE);
    }
  }

  @Test
  void aFileThatWasChangedIsNeverRead() throws Exception {
    ContextId id;
    try (ContextStore store = open()) {
      id = store.open(WHO, "").id();
      store.append(WHO, id, text(LARGE));
    }
    Path file = files().getFirst();
    List<String> damaged =
        List.of("X" + LARGE.substring(1), LARGE.substring(1), LARGE + "more", "");
    for (String other : damaged) {
      Files.writeString(file, other);
      refuses(id);
    }
    Files.delete(file);
    refuses(id);
  }

  private void refuses(ContextId id) throws ContextException {
    try (ContextStore store = open()) {
      assertThatThrownBy(() -> store.read(WHO, id, 0, 1))
          .isInstanceOfSatisfying(
              StorageException.class,
              e -> assertThat(e.fault()).isEqualTo(StorageException.Fault.DAMAGED))
          .hasMessageContaining("entry 0");
    }
  }

  @Test
  void aFolderThatCannotBeWrittenIsNamed() throws Exception {
    try (ContextStore store = open()) {
      ContextId id = store.open(WHO, "").id();
      Path texts = SqliteSettings.in(folder).textFolder();
      Files.delete(texts);
      Files.writeString(texts, "in the way");

      assertThatThrownBy(() -> store.append(WHO, id, text(LARGE)))
          .isInstanceOf(StorageException.class)
          .hasMessageContaining(folder.toString());
      assertThat(store.info(WHO, id).entries()).isZero();
      store.append(WHO, id, text("small"));
    }
  }
}
