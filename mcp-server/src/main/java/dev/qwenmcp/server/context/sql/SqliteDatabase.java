package dev.qwenmcp.server.context.sql;

import dev.qwenmcp.server.context.ChangeFeed;
import dev.qwenmcp.server.context.ContextException;
import dev.qwenmcp.server.context.StorageException;
import dev.qwenmcp.server.store.PrivateFolder;
import dev.qwenmcp.server.store.SqliteDriver;
import java.io.IOException;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An SQLite database in write-ahead-log mode: one connection writes, others read beside it.
 *
 * <p>Commits are on disk before they return ({@code synchronous=FULL}). The log is copied into the
 * database by {@link #maintain}, not by the commit that happens to make it long: a commit costs one
 * write and one sync of the log.
 */
final class SqliteDatabase implements Database {
  private static final Logger LOG = LoggerFactory.getLogger(SqliteDatabase.class);

  /** The log takes two writes a page: of large texts these cost less than the texts themselves. */
  private static final int PAGE_BYTES = 8192;

  /** Log, 4 MiB, from which on it is worth copying. */
  private static final long LOG_BYTES = 4L << 20;

  /** Log that is given back to the file system once it has been copied. */
  private static final long KEPT_LOG_BYTES = 64L << 20;

  /** Beyond this the log is copied while writers wait, since readers never let it end otherwise. */
  private static final long MOST_LOG_BYTES = 256L << 20;

  /** Pages given back at a time: 4 MiB, so that writers wait for milliseconds at most. */
  private static final int FREED_PAGES = (4 << 20) / PAGE_BYTES;

  private static final long PAUSE_MILLIS = 2;

  private final SqliteSettings settings;
  private final ReentrantLock writing = new ReentrantLock(true);
  private final BlockingQueue<SqlSession> readers;
  private final WriterTurn turn;
  private final NoticeFile notice;
  private final TextFiles texts;
  private SqlSession writer;
  private SqlSession keeper;
  private volatile boolean closed;

  /**
   * Opens the database, making the folder and the file if need be.
   *
   * @throws StorageException if that is impossible
   */
  SqliteDatabase(SqliteSettings settings) throws StorageException {
    this.settings = settings;
    this.readers = new ArrayBlockingQueue<>(settings.readers());
    try {
      PrivateFolder.make(settings.directory());
      this.turn = new WriterTurn(settings.lockFile());
      this.notice = new NoticeFile(settings.noticeFile());
      this.texts = new TextFiles(settings.textFolder());
    } catch (IOException e) {
      throw SqliteFailures.of(e, settings);
    }
    FileLock mine = turn.take();
    try {
      // Two processes that make the file at once would each find it locked by the other.
      writer = connect();
      keeper = connect();
      for (int i = 0; i < settings.readers(); i++) {
        readers.add(connect());
      }
    } catch (SQLException e) {
      closeQuietly();
      throw failure(e);
    } finally {
      turn.give(mine);
    }
  }

  private SqlSession connect() throws SQLException {
    SqlSession session = new SqlSession(SqliteDriver.open(settings.file().toString()));
    session.execute("PRAGMA busy_timeout=" + settings.patience().toMillis());
    // The first two take effect in a new file only.
    session.execute("PRAGMA page_size=" + PAGE_BYTES);
    session.execute("PRAGMA auto_vacuum=INCREMENTAL");
    session.execute("PRAGMA journal_mode=WAL");
    session.execute("PRAGMA synchronous=FULL");
    session.execute("PRAGMA wal_autocheckpoint=0");
    session.execute("PRAGMA journal_size_limit=" + KEPT_LOG_BYTES);
    session.execute("PRAGMA cache_size=-8192");
    session.execute("PRAGMA trusted_schema=OFF");
    if (settings.mostPages() > 0) {
      session.execute("PRAGMA max_page_count=" + settings.mostPages());
    }
    return session;
  }

  @Override
  public <T> T read(Work<T> work) throws ContextException {
    SqlSession reader = borrow();
    Attempts<T> attempts = new Attempts<>("BEGIN", work);
    try {
      return patiently(() -> attempts.run(reader));
    } finally {
      readers.add(attempts.broken ? another(reader) : reader);
    }
  }

  private SqlSession borrow() throws StorageException {
    requireOpen();
    try {
      SqlSession reader = readers.poll(settings.patience().toMillis(), TimeUnit.MILLISECONDS);
      requireOpen();
      if (reader == null) {
        throw new StorageException(
            StorageException.Fault.BUSY, "all readers of " + place() + " are in use", null);
      }
      return reader;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StorageException(StorageException.Fault.BUSY, "interrupted while waiting", e);
    }
  }

  @Override
  public <T> T writeLightly(Work<T> work) throws ContextException {
    writing.lock();
    try {
      requireOpen();
      writer.execute("PRAGMA synchronous=NORMAL");
      try {
        return write(work);
      } finally {
        writer.execute("PRAGMA synchronous=FULL");
      }
    } catch (SQLException e) {
      throw failure(e);
    } finally {
      writing.unlock();
    }
  }

  @Override
  public <T> T write(Work<T> work) throws ContextException {
    writing.lock();
    try {
      requireOpen();
      FileLock mine = turn.take();
      Attempts<T> attempts = new Attempts<>("BEGIN IMMEDIATE", work);
      try {
        return patiently(() -> attempts.run(writer));
      } finally {
        turn.give(mine);
        if (attempts.broken) {
          writer = another(writer);
        }
      }
    } finally {
      writing.unlock();
    }
  }

  /** A connection in the place of one that may not trust its own state; that one if impossible. */
  private SqlSession another(SqlSession broken) {
    try {
      SqlSession fresh = connect();
      closeQuietly(broken);
      return fresh;
    } catch (SQLException e) {
      LOG.debug("A connection is kept that has failed", e);
      return broken;
    }
  }

  private interface Attempt<T> {
    T run() throws SQLException, ContextException;
  }

  /**
   * Tries again while others are in the way: opening, closing and recovering a log lock for moments
   * in which SQLite does not wait by itself.
   */
  private <T> T patiently(Attempt<T> attempt) throws ContextException {
    long deadline = System.nanoTime() + settings.patience().toNanos();
    while (true) {
      try {
        return attempt.run();
      } catch (SQLException e) {
        if (!SqliteFailures.isBusy(e) || System.nanoTime() > deadline) {
          throw failure(e);
        }
      }
      try {
        Thread.sleep(PAUSE_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new StorageException(StorageException.Fault.BUSY, "interrupted while waiting", e);
      }
    }
  }

  /** A transaction that may be tried several times. */
  private static final class Attempts<T> {
    private final String begin;
    private final Work<T> work;

    /** Whether the connection could not be brought back to where it was. */
    private boolean broken;

    Attempts(String begin, Work<T> work) {
      this.begin = begin;
      this.work = work;
    }

    T run(SqlSession session) throws SQLException, ContextException {
      broken = false;
      session.execute(begin);
      boolean done = false;
      try {
        T result = work.run(session);
        session.execute("COMMIT");
        done = true;
        return result;
      } finally {
        if (!done) {
          broken = !session.rollBack();
        }
      }
    }
  }

  @Override
  public void lockSchema(SqlSession session) {
    // A transaction that writes has the whole database.
  }

  @Override
  public Optional<TextFiles> textFiles() {
    return Optional.of(texts);
  }

  @Override
  public StorageException failure(IOException failure) {
    return SqliteFailures.of(failure, settings);
  }

  @Override
  public SqlDialect dialect() {
    return SqlDialect.SQLITE;
  }

  @Override
  public String place() {
    return settings.file().toString();
  }

  @Override
  public void announce(SqlSession session, long change) {
    // Only once it can be seen: see announced.
  }

  @Override
  public void announced() {
    notice.touch();
  }

  @Override
  public ChangeFeed.Signal listen() {
    return notice.signal();
  }

  /** Copies the log into the database and gives free pages back to the file system. */
  @Override
  public synchronized void maintain() throws ContextException {
    requireOpen();
    try {
      long log = logBytes();
      if (log > MOST_LOG_BYTES) {
        checkpoint("TRUNCATE");
      } else if (log > LOG_BYTES) {
        checkpoint("PASSIVE");
      }
      long free = keeper.number("PRAGMA freelist_count");
      long pages = keeper.number("PRAGMA page_count");
      if (free > FREED_PAGES && free > pages / 4) {
        write(session -> {
          // One row for each page that is freed: all of them must be asked for.
          return session.all("PRAGMA incremental_vacuum(" + FREED_PAGES + ")", row -> 1).size();
        });
      }
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  private long logBytes() {
    try {
      return Files.size(settings.directory().resolve("contexts.db-wal"));
    } catch (IOException e) {
      return 0; // there is none yet
    }
  }

  private void checkpoint(String mode) throws SQLException {
    if (mode.equals("PASSIVE")) {
      keeper.first("PRAGMA wal_checkpoint(PASSIVE)", row -> row.getInt(1));
      return;
    }
    writing.lock();
    try {
      FileLock mine = turn.take();
      try {
        keeper.first("PRAGMA wal_checkpoint(TRUNCATE)", row -> row.getInt(1));
      } finally {
        turn.give(mine);
      }
    } finally {
      writing.unlock();
    }
  }

  @Override
  public StorageException failure(SQLException failure) {
    return SqliteFailures.of(failure, settings);
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the store is closed");
    }
  }

  /** Waits for what is running; the last process to close copies the log into the database. */
  @Override
  public void close() {
    writing.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      FileLock mine = turn.take();
      try {
        closeQuietly();
      } finally {
        turn.give(mine);
      }
      turn.close();
    } catch (IOException e) {
      LOG.debug("Closing {}", place(), e);
    } finally {
      writing.unlock();
    }
  }

  private void closeQuietly() {
    closeQuietly(keeper);
    for (int i = 0; i < settings.readers(); i++) {
      try {
        closeQuietly(readers.poll(1, TimeUnit.SECONDS));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    closeQuietly(writer);
    try {
      notice.close();
      texts.close();
    } catch (IOException e) {
      LOG.debug("Closing {}", settings.directory(), e);
    }
  }

  private static void closeQuietly(SqlSession session) {
    if (session != null) {
      try {
        session.close();
      } catch (SQLException e) {
        LOG.debug("Closing a connection", e);
      }
    }
  }
}
