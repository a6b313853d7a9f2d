package dev.qwenmcp.server.context;

import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Watches of contexts in memory and of durable ones, which may become available later. */
final class JoinedWatches {
  private static final Logger LOG = LoggerFactory.getLogger(JoinedWatches.class);

  private final InMemoryContextStore memory;
  private final List<Watching> watches = new ArrayList<>();
  private ContextStore store; // the durable one, null until it is open

  JoinedWatches(InMemoryContextStore memory) {
    this.memory = memory;
  }

  /** The durable store is open from here on. */
  synchronized void opened(ContextStore opened) {
    store = opened;
    watches.forEach(watching -> watching.begin(opened));
  }

  /** Hears of durable contexts from the given change on, and of those in memory from now on. */
  synchronized ContextWatch watch(long after, ContextListener listener) {
    Watching watching = new Watching(after, listener);
    watches.add(watching);
    if (store != null) {
      watching.begin(store);
    }
    return watching;
  }

  private final class Watching implements ContextWatch {
    private final long after;
    private final ContextListener listener;
    private final ContextWatch inMemory;
    private final boolean early = store == null;
    private ContextWatch onDisk;

    Watching(long after, ContextListener listener) {
      this.after = after;
      this.listener = listener;
      this.inMemory = memory.watch(memory.lastChange(), listener);
    }

    /** Whoever began before the store was open hears of what happens from now on. */
    void begin(ContextStore opened) {
      try {
        onDisk = opened.watch(early ? opened.lastChange() : after, listener);
      } catch (ContextException e) {
        LOG.warn("Changes on disk are not told: {}", e.getMessage());
      }
    }

    @Override
    public long position() {
      synchronized (JoinedWatches.this) {
        return onDisk == null ? after : onDisk.position();
      }
    }

    @Override
    public void close() {
      synchronized (JoinedWatches.this) {
        watches.remove(this);
        inMemory.close();
        if (onDisk != null) {
          onDisk.close();
        }
      }
    }
  }
}
