package dev.qwenmcp.server.document.folder;

import dev.qwenmcp.server.document.folder.PathException.Kind;
import dev.qwenmcp.server.knowledge.KnowledgeBase;
import dev.qwenmcp.server.knowledge.KnowledgeException;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps collections in line with folders as these change.
 *
 * <p>One thread hears from the file system, waits until a folder has been quiet for a moment (an
 * editor writes a file in several steps) and brings its collection into line as an ingest would.
 */
final class FolderWatches implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FolderWatches.class);

  private static final Duration QUIET = Duration.ofMillis(150);

  /** While a folder never gets quiet. */
  private static final Duration MOST_WAIT = Duration.ofMillis(700);

  /** Of one principal. */
  private static final int MOST_WATCHES = 100;

  private static final int MOST_IN_ALL = 1000;
  private static final int MOST_FOLDERS = 5000;

  private final DocumentFolders folders;
  private final KnowledgeBase knowledge;

  /** Guarded by this, as are the others. */
  private final Map<Target, Watch> watches = new HashMap<>();

  private Optional<WatchService> service = Optional.empty();
  private Optional<Thread> thread = Optional.empty();
  private volatile boolean closed;

  /** What one watch is for. */
  private record Target(String principal, String collection, Path folder) {
    Target(FolderRequest request) {
      this(request.principal(), request.collection(), request.path());
    }
  }

  /** A folder that is followed. */
  private static final class Watch {
    final FolderRequest request;
    final Set<Path> registered = new HashSet<>();
    final Map<Path, FailedRead> failed = new HashMap<>();
    boolean hadCollection;
    long changedSince;
    long changedLast;
    boolean changed;

    Watch(FolderRequest request) {
      this.request = request;
    }

    boolean due(long now) {
      return changed
          && (now - changedLast >= QUIET.toNanos() || now - changedSince >= MOST_WAIT.toNanos());
    }
  }

  FolderWatches(DocumentFolders folders, KnowledgeBase knowledge) {
    this.folders = folders;
    this.knowledge = knowledge;
  }

  /** Begins a watch, or gives one another selection. */
  synchronized void add(FolderRequest request) throws PathException {
    if (!Files.isDirectory(request.path())) {
      throw new PathException(
          Kind.INVALID, "%s is a file; only folders are watched".formatted(request.path()));
    }
    Target target = new Target(request);
    if (!watches.containsKey(target) && ownedBy(request.principal()) >= MOST_WATCHES) {
      throw new PathException(
          Kind.TOO_LARGE,
          "%d folders are watched already; end one with watch: false".formatted(MOST_WATCHES));
    }
    if (watches.size() >= MOST_IN_ALL) {
      throw new PathException(
          Kind.TOO_LARGE,
          "the server watches as many folders as it can; give this one again later");
    }
    FolderScan scan = folders.scan(request);
    try {
      if (service.isEmpty()) {
        service = Optional.of(request.path().getFileSystem().newWatchService());
        WatchService changes = service.get();
        thread = Optional.of(Thread.ofPlatform().daemon().name("watch").start(() -> hear(changes)));
      }
      Watch watch = new Watch(request);
      register(watch, scan);
      // What was saved between the ingest before and now is not heard of.
      watch.changed = true;
      watch.changedSince = System.nanoTime();
      watch.changedLast = watch.changedSince;
      watches.put(target, watch);
    } catch (IOException e) {
      throw new PathException(
          Kind.FAILED, "%s cannot be watched: %s".formatted(request.path(), e.getMessage()), e);
    }
  }

  private long ownedBy(String principal) {
    return watches.keySet().stream().filter(each -> each.principal().equals(principal)).count();
  }

  synchronized boolean remove(FolderRequest request) {
    return watches.remove(new Target(request)) != null;
  }

  synchronized boolean has(FolderRequest request) {
    return watches.containsKey(new Target(request));
  }

  private void register(Watch watch, FolderScan scan) throws IOException {
    Set<Path> wanted = new HashSet<>();
    for (Path folder : scan.folders()) {
      wanted.add(folder.toRealPath());
    }
    if (wanted.size() > MOST_FOLDERS) {
      throw new IOException("it has more than %,d folders".formatted(MOST_FOLDERS));
    }
    for (Path folder : wanted) {
      // Again also for those that are known: one of that name may be another now.
      folder.register(
          service.orElseThrow(),
          StandardWatchEventKinds.ENTRY_CREATE,
          StandardWatchEventKinds.ENTRY_MODIFY,
          StandardWatchEventKinds.ENTRY_DELETE);
    }
    watch.registered.clear();
    watch.registered.addAll(wanted);
  }

  private void hear(WatchService changes) {
    try {
      while (true) {
        WatchKey key = changes.poll(QUIET.toMillis() / 2, TimeUnit.MILLISECONDS);
        if (key != null) {
          key.pollEvents(); // what changed is found out by looking; too many events are one as well
          key.reset();
          note((Path) key.watchable());
        }
        for (Optional<Watch> due = due(); due.isPresent(); due = due()) {
          follow(due.get());
        }
      }
    } catch (InterruptedException | ClosedWatchServiceException e) {
      LOG.debug("No folder is watched any more");
    }
  }

  private synchronized void note(Path folder) {
    long now = System.nanoTime();
    for (Watch watch : watches.values()) {
      if (watch.registered.contains(folder)) {
        watch.changedSince = watch.changed ? watch.changedSince : now;
        watch.changedLast = now;
        watch.changed = true;
      }
    }
  }

  private synchronized Optional<Watch> due() {
    long now = System.nanoTime();
    Optional<Watch> due = watches.values().stream().filter(watch -> watch.due(now)).findFirst();
    due.ifPresent(watch -> watch.changed = false);
    return due;
  }

  /** Brings a collection into line; a folder or collection that is gone ends its watch. */
  private void follow(Watch watch) {
    FolderRequest request = watch.request;
    try {
      if (!Files.isDirectory(request.path())) {
        LOG.warn("{} is gone and no longer watched; its documents stay", request.path());
        remove(request);
        return;
      }
      boolean there =
          knowledge.collections(request.principal()).stream()
              .anyMatch(each -> each.name().equals(request.collection()));
      if (watch.hadCollection && !there) {
        LOG.info("{} is no longer watched: its collection is gone", request.path());
        remove(request);
        return;
      }
      watch.hadCollection |= there;
      synchronized (this) {
        register(watch, folders.scan(request)); // first: what changes from here on is heard of
      }
      SyncReport report = folders.follow(request, watch.failed, (done, all, passages) -> goOn());
      if (report.changed() || !report.failures().isEmpty()) {
        LOG.info(
            "{}: {} added, {} replaced, {} removed, {} failed",
            request.path(),
            report.added(),
            report.replaced(),
            report.removed(),
            report.failures().size());
      }
    } catch (CancellationException e) {
      LOG.debug("Stopping: {} is not looked at any further", request.path());
    } catch (PathException | KnowledgeException | IOException | RuntimeException e) {
      LOG.warn("{} changed, but its collection could not follow", request.path(), e);
    }
  }

  private void goOn() {
    if (closed) {
      throw new CancellationException();
    }
  }

  @Override
  public void close() {
    Optional<Thread> last;
    closed = true; // no interrupt: it would close files of the index
    synchronized (this) {
      watches.clear();
      last = thread;
      service.ifPresent(changes -> {
        try {
          changes.close();
        } catch (IOException e) {
          LOG.debug("The watch did not close", e);
        }
      });
    }
    try {
      if (last.isPresent()) {
        last.get().join(Duration.ofSeconds(5));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
