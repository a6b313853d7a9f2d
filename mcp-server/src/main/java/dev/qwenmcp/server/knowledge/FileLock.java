package dev.qwenmcp.server.knowledge;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.apache.lucene.store.LockObtainFailedException;

/** A lock among processes, and among the threads of one; ends with the process that holds it. */
final class FileLock implements AutoCloseable {
  private static final long PAUSE_MILLIS = 10;

  private final FileChannel channel;

  private FileLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Waits for the lock.
   *
   * @throws LockObtainFailedException if others hold it for longer than {@code patience}
   */
  static FileLock of(Path file, Duration patience) throws IOException {
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    long end = System.nanoTime() + patience.toNanos();
    try {
      while (!tryLock(channel)) {
        if (System.nanoTime() > end) {
          throw new LockObtainFailedException("held by another process: " + file);
        }
        Thread.sleep(PAUSE_MILLIS);
      }
      return new FileLock(channel);
    } catch (InterruptedException e) {
      channel.close();
      Thread.currentThread().interrupt();
      throw new LockObtainFailedException("interrupted while waiting for " + file, e);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  private static boolean tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false; // held by another thread of this process
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
