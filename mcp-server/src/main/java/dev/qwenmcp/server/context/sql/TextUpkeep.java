package dev.qwenmcp.server.context.sql;

import dev.qwenmcp.server.context.ContextException;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes files of texts that no entry names: those of deleted entries, those whose entry could not
 * be written, and what processes that died left behind.
 *
 * <p>All this is done in the turn of the one process that writes, and {@link #requireThere} within
 * the transaction that names a file; so no file goes between its writing and its row.
 */
final class TextUpkeep {
  private static final Logger LOG = LoggerFactory.getLogger(TextUpkeep.class);
  private static final int AT_ONCE = 100;

  /** A file without a row is about to get one, unless it is older than writing ever takes. */
  private static final Duration LEFT_BEHIND = Duration.ofMinutes(2);

  private final Database database;
  private final ConcurrentLinkedQueue<String> doubtful = new ConcurrentLinkedQueue<>();
  private boolean swept;

  TextUpkeep(Database database) {
    this.database = database;
  }

  /** Notes the file of an entry of which it is not known whether it was written. */
  void doubt(String name) {
    doubtful.add(name);
  }

  /** Notes the files of entries that are about to be deleted. */
  static void entriesGo(SqlSession session, long segment, long from) throws SQLException {
    session.update(
        "INSERT INTO context_texts_to_delete (name) SELECT text_file FROM context_entries"
            + " WHERE segment = ? AND position >= ? AND text_file <> ''",
        segment,
        from);
  }

  /** Makes sure, in the transaction that names it, that a file has not been swept away. */
  static void requireThere(TextFiles files, String name) throws SQLException {
    if (!files.exists(name)) {
      throw new SQLException("the text's file " + name + " has gone");
    }
  }

  /** Deletes what is due. */
  void run() throws ContextException {
    TextFiles files = database.textFiles().orElse(null);
    if (files == null) {
      return;
    }
    if (!swept) {
      sweep(files, names(files));
      swept = true;
    }
    List<String> doubted = List.copyOf(doubtful);
    sweep(files, doubted);
    doubtful.removeAll(doubted); // only now: what could not be looked at stays
    List<String> due = due();
    while (!due.isEmpty()) {
      due.forEach(files::delete);
      forget(due);
      due = due();
    }
  }

  private List<String> due() throws ContextException {
    return database.read(session ->
        session.all(
            "SELECT name FROM context_texts_to_delete LIMIT " + AT_ONCE, row -> row.getString(1)));
  }

  private void forget(List<String> deleted) throws ContextException {
    database.writeLightly(session -> {
      for (String name : deleted) {
        session.update("DELETE FROM context_texts_to_delete WHERE name = ?", name);
      }
      return null;
    });
  }

  private static List<String> names(TextFiles files) {
    try {
      return files.namesBefore(Instant.now().minus(LEFT_BEHIND));
    } catch (IOException e) {
      LOG.debug("Files that died processes left will be looked for next time", e);
      return List.of();
    }
  }

  /** Deletes those that no entry names, a few in each turn so that writers do not wait long. */
  private void sweep(TextFiles files, Collection<String> names) throws ContextException {
    List<String> unnamed = new ArrayList<>();
    for (String name : names) {
      if (!database.read(session -> isNamed(session, name))) {
        unnamed.add(name);
      }
    }
    for (String name : unnamed) {
      database.write(session -> {
        if (!isNamed(session, name)) {
          files.delete(name);
        }
        return null;
      });
    }
  }

  private static boolean isNamed(SqlSession session, String name) throws SQLException {
    return session
        .first(
            "SELECT 1 FROM context_entries WHERE text_file = ? AND text_file <> ''", row -> 1, name)
        .isPresent();
  }
}
