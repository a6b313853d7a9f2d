package dev.qwenmcp.server.context.sql;

import dev.qwenmcp.server.context.ChangeFeed;
import dev.qwenmcp.server.context.ContextException;
import dev.qwenmcp.server.context.StorageException;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Optional;

/** A database as the store needs it: transactions, and the few words that differ. */
interface Database extends AutoCloseable {

  /**
   * Something done within one transaction; may be done again if that one could not be committed.
   */
  @FunctionalInterface
  interface Work<T> {
    T run(SqlSession session) throws SQLException, ContextException;
  }

  /** Reads one consistent state. */
  <T> T read(Work<T> work) throws ContextException;

  /** Reads and writes; on return it is on disk. On any exception nothing has been done. */
  <T> T write(Work<T> work) throws ContextException;

  /** Writes what may be lost with the machine, but not with the process. */
  <T> T writeLightly(Work<T> work) throws ContextException;

  /** Lets one process at a time look at the tables and create them. */
  void lockSchema(SqlSession session) throws SQLException;

  SqlDialect dialect();

  /** Where large texts go instead of the database; empty if that is no faster. */
  Optional<TextFiles> textFiles();

  /** What a failure to read or write such a file means. */
  StorageException failure(IOException failure);

  /** Where it is, for people, without secrets. */
  String place();

  /** Called within a transaction that records a change, so that other processes hear of it. */
  void announce(SqlSession session, long change) throws SQLException;

  /** Called after such a transaction was committed. */
  void announced();

  /** Hears announcements. */
  ChangeFeed.Signal listen();

  /** Work that is due now and then and that nobody waits for. */
  void maintain() throws ContextException;

  /** What a failure means. */
  StorageException failure(SQLException failure);

  @Override
  void close();
}
