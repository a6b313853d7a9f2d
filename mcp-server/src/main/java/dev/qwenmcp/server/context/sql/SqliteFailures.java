package dev.qwenmcp.server.context.sql;

import dev.qwenmcp.server.context.StorageException;
import dev.qwenmcp.server.context.StorageException.Fault;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.nio.file.ReadOnlyFileSystemException;
import java.sql.SQLException;
import java.util.Locale;

/** What SQLite's result codes and the file system's errors mean, and what to do. */
final class SqliteFailures {
  private static final int PERM = 3;
  private static final int BUSY = 5;
  private static final int LOCKED = 6;
  private static final int READONLY = 8;
  private static final int CORRUPT = 11;
  private static final int FULL = 13;
  private static final int CANTOPEN = 14;
  private static final int NOT_A_DATABASE = 26;

  private SqliteFailures() {}

  static boolean isBusy(SQLException failure) {
    int code = code(failure);
    return code == BUSY || code == LOCKED;
  }

  /** The primary result code: the lowest byte of the extended one. */
  private static int code(SQLException failure) {
    return failure.getErrorCode() & 0xff;
  }

  static StorageException of(SQLException failure, SqliteSettings settings) {
    Path file = settings.file();
    return switch (code(failure)) {
      case FULL -> full(file, failure);
      case READONLY, PERM, CANTOPEN -> readOnly(settings.directory(), failure);
      case BUSY, LOCKED ->
          new StorageException(
              Fault.BUSY,
              "%s was locked by another process for more than %d s; try again, and end a process that hangs"
                  .formatted(file, settings.patience().toSeconds()),
              failure);
      case CORRUPT, NOT_A_DATABASE ->
          new StorageException(
              Fault.DAMAGED,
              "%s is damaged (%s): move it away and start anew, or restore a copy"
                  .formatted(file, failure.getMessage()),
              failure);
      default ->
          new StorageException(
              Fault.IO,
              "%s cannot be read or written (%s): check the disk and free space"
                  .formatted(file, failure.getMessage()),
              failure);
    };
  }

  static StorageException of(IOException failure, SqliteSettings settings) {
    String reason = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
    if (reason.contains("no space") || reason.contains("quota")) {
      return full(settings.file(), failure);
    }
    if (failure instanceof FileSystemException
        || failure instanceof AccessDeniedException
        || reason.contains("read-only")) {
      return readOnly(settings.directory(), failure);
    }
    return new StorageException(
        Fault.IO,
        "%s cannot be used (%s): check the disk".formatted(settings.directory(), failure),
        failure);
  }

  static StorageException readOnly(ReadOnlyFileSystemException failure, SqliteSettings settings) {
    return readOnly(settings.directory(), failure);
  }

  private static StorageException full(Path file, Exception cause) {
    return new StorageException(
        Fault.FULL,
        "no space is left for %s: free some on its disk, or close contexts".formatted(file),
        cause);
  }

  private static StorageException readOnly(Path directory, Exception cause) {
    return new StorageException(
        Fault.READ_ONLY,
        "%s cannot be written (%s): let this user write there, or choose another folder with --data-dir"
            .formatted(directory, cause.getMessage()),
        cause);
  }
}
