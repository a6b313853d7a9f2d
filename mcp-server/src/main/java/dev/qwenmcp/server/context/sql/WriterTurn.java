package dev.qwenmcp.server.context.sql;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Whose turn it is to write, among the processes that share a database.
 *
 * <p>SQLite alone would do for correctness, but waiters of its lock sleep for up to 100 ms and look
 * again; the operating system's queue of a file lock wakes the next at once. Where the lock cannot
 * be had (a second store of this process, a file system without locks), SQLite's does.
 */
final class WriterTurn implements AutoCloseable {
  private final FileChannel channel;

  WriterTurn(Path file) throws IOException {
    this.channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
  }

  /** Waits for the turn; null where it is left to SQLite. */
  FileLock take() {
    try {
      return channel.lock();
    } catch (IOException | OverlappingFileLockException e) {
      return null;
    }
  }

  /** Gives the turn to the next. */
  void give(FileLock turn) {
    if (turn != null) {
      try {
        turn.release();
      } catch (IOException e) {
        // The channel was closed, and the lock with it.
      }
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
