package dev.qwenmcp.server.context.sql;

import java.nio.file.Path;
import java.time.Duration;

/**
 * Where an SQLite database is and how it is used.
 *
 * @param directory of the database and the files beside it; made if it does not exist
 * @param patience how long to wait for other processes before giving up
 * @param readers how many may read at once
 * @param mostPages largest size in pages of 8 KiB, 0 for no limit but the disk's
 */
public record SqliteSettings(Path directory, Duration patience, int readers, long mostPages) {

  /** Four readers, half a minute of patience, no limit. */
  public static SqliteSettings in(Path directory) {
    return new SqliteSettings(directory, Duration.ofSeconds(30), 4, 0);
  }

  Path file() {
    return directory.resolve("contexts.db");
  }

  /** Locked by the one process that writes, since SQLite's own lock is polled for and not fair. */
  Path lockFile() {
    return directory.resolve("contexts.lock");
  }

  /** Of large texts, each a file. */
  Path textFolder() {
    return directory.resolve("contexts-texts");
  }

  /** Written to after each change, for others to notice. */
  Path noticeFile() {
    return directory.resolve("contexts.notice");
  }
}
