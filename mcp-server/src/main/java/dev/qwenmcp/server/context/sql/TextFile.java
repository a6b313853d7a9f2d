package dev.qwenmcp.server.context.sql;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * A text that has been written to a file and is on its way to the disk, which takes about as long
 * as the transaction that names it; that may commit once {@link #awaitSynced} has returned.
 */
final class TextFile {
  private final String name;
  private final CompletableFuture<Void> synced;

  /** A part of bringing a text to the disk. */
  @FunctionalInterface
  interface Step {
    void run() throws IOException;
  }

  private TextFile(String name, CompletableFuture<Void> synced) {
    this.name = name;
    this.synced = synced;
  }

  /**
   * Syncs a file on another thread and closes it.
   *
   * @param file written to its end
   * @param afterwards what is to be done then on that thread, such as syncing its folder
   */
  static TextFile syncing(String name, FileChannel file, Step afterwards) {
    return new TextFile(
        name,
        CompletableFuture.runAsync(
            () -> {
              try (file) {
                file.force(false);
                afterwards.run();
              } catch (IOException e) {
                throw new CompletionException(e);
              }
            },
            Thread::startVirtualThread));
  }

  String name() {
    return name;
  }

  /**
   * Returns once the text is on disk, and its name in the folder too.
   *
   * @throws IOException if that is impossible
   */
  void awaitSynced() throws IOException {
    try {
      synced.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof IOException failure) {
        throw new IOException("its text cannot be written: " + failure, failure);
      }
      throw e;
    }
  }
}
