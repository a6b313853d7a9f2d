package dev.qwenmcp.server.context.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.qwenmcp.server.context.ContextId;
import dev.qwenmcp.server.context.ContextLimits;
import dev.qwenmcp.server.context.ContextStore;
import dev.qwenmcp.server.context.EntryDraft;
import dev.qwenmcp.server.context.StorageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A row is never committed before the file that it names is on disk. */
class AppendingTest {
  private static final String WHO = "local";
  private static final int BYTES = 3;

  @TempDir private Path folder;

  /** Of another process, as it were. */
  private ContextStore store;

  private ContextId id;
  private SqliteDatabase database;
  private Appending appending;

  @BeforeEach
  void open() throws Exception {
    store =
        SqlContextStore.sqlite(
            SqliteSettings.in(folder),
            ContextLimits.DURABLE,
            InstantSource.system(),
            new SecureRandom());
    id = store.open(WHO, "").id();
    database = new SqliteDatabase(SqliteSettings.in(folder));
    appending =
        new Appending(
            database,
            ContextLimits.DURABLE,
            new OpenContexts(ContextLimits.DURABLE, new Renewals()),
            new TextUpkeep(database));
  }

  @AfterEach
  void close() {
    database.close();
    store.close();
  }

  private void append(TextFile.Step lastStepToDisk) throws Exception {
    String name = UUID.randomUUID().toString();
    FileChannel file =
        FileChannel.open(
            SqliteSettings.in(folder).textFolder().resolve(name),
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.WRITE);
    file.write(ByteBuffer.wrap(new byte[BYTES]));
    Entries.Encoded entry =
        new Entries.Encoded(
            EntryDraft.text("document", "test", ""),
            new byte[0],
            Optional.of(TextFile.syncing(name, file, lastStepToDisk)),
            new byte[0],
            new byte[0],
            BYTES,
            new byte[32]);
    Appending.Request request = new Appending.Request(WHO, id, List.of(entry), OptionalInt.empty());
    long now = Micros.of(InstantSource.system().instant());
    database.write(session -> appending.append(session, request, now));
  }

  @Test
  void whatCannotBeSyncedLeavesNoRow() throws Exception {
    assertThatThrownBy(() ->
            append(() -> {
              throw new IOException("No space left on device");
            }))
        .isInstanceOfSatisfying(
            StorageException.class,
            e -> assertThat(e.fault()).isEqualTo(StorageException.Fault.FULL));
    assertThat(store.info(WHO, id).entries()).isZero();
    assertThat(store.info(WHO, id).bytes()).isZero();

    store.append(WHO, id, List.of(EntryDraft.text("document", "test", "small")));
    assertThat(store.info(WHO, id).entries()).isEqualTo(1);
  }

  @Test
  void noRowIsSeenBeforeItsFileIsOnDisk() throws Exception {
    CountDownLatch disk = new CountDownLatch(1);
    CountDownLatch reached = new CountDownLatch(1);
    FutureTask<Void> call =
        new FutureTask<>(() -> {
          append(() -> {
            reached.countDown();
            awaitQuietly(disk);
          });
          return null;
        });
    Thread.ofPlatform().daemon().start(call);
    assertThat(reached.await(20, TimeUnit.SECONDS)).isTrue();
    Thread.sleep(200); // time enough to commit, if it did not wait
    assertThat(call.isDone()).isFalse();
    assertThat(store.info(WHO, id).entries()).isZero();

    disk.countDown();
    call.get(20, TimeUnit.SECONDS);
    assertThat(store.info(WHO, id).entries()).isEqualTo(1);
  }

  private static void awaitQuietly(CountDownLatch latch) throws IOException {
    try {
      latch.await(20, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }
}
