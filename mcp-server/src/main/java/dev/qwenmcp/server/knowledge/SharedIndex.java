package dev.qwenmcp.server.knowledge;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.SearcherFactory;
import org.apache.lucene.search.SearcherManager;
import org.apache.lucene.store.AlreadyClosedException;
import org.apache.lucene.store.Directory;

/**
 * Searches of an index that other processes write to; safe for many threads.
 *
 * <p>Looks for newer commits when it is asked for a searcher, but not more often than each tenth of
 * a second: looking means listing a folder.
 */
final class SharedIndex implements AutoCloseable {
  private static final long LOOK_NANOS = 100_000_000;

  private final Directory directory;
  private final AtomicLong looked = new AtomicLong(System.nanoTime());

  /** Guarded by this, as is {@link #closed}; empty until there is an index. */
  private Optional<SearcherManager> searchers = Optional.empty();

  private boolean closed;

  /** Owns the directory from here on, also when it fails. */
  SharedIndex(Directory directory) throws IOException {
    this.directory = directory;
    try {
      open();
    } catch (IOException | RuntimeException e) {
      directory.close();
      throw e;
    }
  }

  private synchronized void open() throws IOException {
    if (searchers.isEmpty() && !closed && DirectoryReader.indexExists(directory)) {
      searchers = Optional.of(new SearcherManager(directory, new SearcherFactory()));
    }
  }

  /** Whether anybody has written to it. */
  synchronized boolean exists() {
    return searchers.isPresent();
  }

  /** Lets searches see what any process wrote until now. */
  void refresh() throws IOException {
    looked.set(System.nanoTime());
    open();
    Optional<SearcherManager> manager = manager();
    if (manager.isPresent()) {
      manager.get().maybeRefreshBlocking();
    }
  }

  private synchronized Optional<SearcherManager> manager() {
    if (closed) {
      throw new AlreadyClosedException("the index was closed");
    }
    return searchers;
  }

  /**
   * A searcher, whose reader is to be released by {@code decRef}.
   *
   * @throws AlreadyClosedException if it is closed
   * @throws IllegalStateException if there is no index
   */
  IndexSearcher acquire() throws IOException {
    long last = looked.get();
    long now = System.nanoTime();
    if (now - last > LOOK_NANOS && looked.compareAndSet(last, now)) {
      open();
      Optional<SearcherManager> manager = manager();
      if (manager.isPresent()) {
        manager.get().maybeRefresh();
      }
    }
    return manager()
        .orElseThrow(() -> new IllegalStateException("nothing was written yet"))
        .acquire();
  }

  /** Reads all files of a state and compares them with their checksums. */
  static void checkIntegrity(IndexSearcher searcher) throws IOException {
    for (LeafReaderContext leaf : searcher.getIndexReader().leaves()) {
      leaf.reader().checkIntegrity();
    }
  }

  @Override
  public synchronized void close() throws IOException {
    if (!closed) {
      closed = true;
      try (directory) {
        if (searchers.isPresent()) {
          searchers.get().close();
        }
      }
    }
  }
}
