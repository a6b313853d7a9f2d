package dev.qwenmcp.server.context;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the changes of a store to its listeners, each once and in order.
 *
 * <p>Changes have numbers without gaps, and each listener a position; so whatever wakes the feed,
 * once too often or too late, it reads on from there and misses nothing. Its thread exists while
 * there are listeners.
 */
public final class ChangeFeed implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ChangeFeed.class);
  private static final int AT_ONCE = 256;

  /** Notices may get lost with a connection or on a file system without them: look by itself. */
  private static final long POLL_MILLIS = 200;

  /** Where changes are on record. */
  public interface Record {

    /** Number of the last change, 0 before the first. */
    long last() throws ContextException;

    /** Number of the oldest change on record, or of the next if there is none. */
    long oldest() throws ContextException;

    /** Changes after a number, in order. */
    List<ContextChange> after(long number, int limit) throws ContextException;
  }

  /** Wakes the feed when there may be something new. */
  public interface Signal extends AutoCloseable {

    /** Waits for a notice, but no longer than the given time. */
    void await(long millis) throws InterruptedException;

    @Override
    void close();
  }

  /** Makes the signal once somebody listens. */
  @FunctionalInterface
  public interface SignalSource {
    Signal open();
  }

  private final Record changes;
  private final SignalSource signals;
  private final List<Listening> listeners = new CopyOnWriteArrayList<>();
  private Thread thread;
  private volatile boolean closed;
  private boolean troubled;

  public ChangeFeed(Record changes, SignalSource signals) {
    this.changes = changes;
    this.signals = signals;
  }

  private final class Listening implements ContextWatch {
    private final ContextListener listener;
    private volatile long position;

    Listening(ContextListener listener, long position) {
      this.listener = listener;
      this.position = position;
    }

    @Override
    public long position() {
      return position;
    }

    @Override
    public void close() {
      listeners.remove(this);
    }
  }

  /** Begins to tell a listener of what comes after a change. */
  public synchronized ContextWatch listen(long after, ContextListener listener) {
    if (closed) {
      throw new IllegalStateException("the store is closed");
    }
    Listening listening = new Listening(listener, after);
    listeners.add(listening);
    if (thread == null) {
      thread = Thread.ofPlatform().daemon().name("context-changes").start(this::run);
    }
    return listening;
  }

  private void run() {
    try (Signal signal = signals.open()) {
      while (!closed && stillNeeded()) {
        if (!deliver()) {
          signal.await(POLL_MILLIS);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized boolean stillNeeded() {
    if (listeners.isEmpty()) {
      thread = null;
      return false;
    }
    return true;
  }

  /** Whether there may be more at once. */
  private boolean deliver() {
    boolean more = false;
    try {
      long last = changes.last();
      for (Listening listening : listeners) {
        if (listening.position < last) {
          more |= deliver(listening);
        }
      }
      troubled = false;
    } catch (ContextException e) {
      if (!troubled) {
        LOG.warn("Changes cannot be read for now; trying again: {}", e.getMessage());
        troubled = true;
      }
      return false;
    } catch (IllegalStateException e) {
      if (!closed) {
        LOG.error("Changes are no longer told", e);
      }
      closed = true;
      return false;
    }
    return more;
  }

  private boolean deliver(Listening listening) throws ContextException {
    List<ContextChange> next = changes.after(listening.position, AT_ONCE);
    if (next.isEmpty() || next.getFirst().number() > listening.position + 1) {
      long oldest = next.isEmpty() ? changes.oldest() : next.getFirst().number();
      if (oldest > listening.position + 1) {
        long from = listening.position + 1;
        listening.position = oldest - 1;
        tell(() -> listening.listener.missed(from, oldest - 1));
      }
    }
    for (ContextChange change : next) {
      listening.position = change.number();
      tell(() -> listening.listener.changed(change));
    }
    return next.size() == AT_ONCE;
  }

  private static void tell(Runnable notice) {
    try {
      notice.run();
    } catch (RuntimeException e) {
      LOG.error("A listener failed on a change of contexts", e);
    }
  }

  /** Ends all listening and waits for a notice under way. */
  @Override
  public void close() {
    Thread running;
    synchronized (this) {
      closed = true;
      listeners.clear();
      running = thread;
    }
    if (running != null && running != Thread.currentThread()) {
      try {
        running.join(10 * POLL_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
