package dev.qwenmcp.server.context;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A durable store that goes on from memory while its disk is full, read-only or broken.
 *
 * <p>Opens the durable store on a thread of its own, so that a server answers before its disk does.
 * While that store cannot be opened or written, new contexts live in memory, and what is appended
 * to durable ones waits in memory until it can be written; {@link #storage()} says so. Nothing that
 * was only in memory survives the process.
 */
public final class ResilientContextStore implements ContextStore {
  private static final Logger LOG = LoggerFactory.getLogger(ResilientContextStore.class);

  /**
   * The durable store is opened after this, or when it is first needed, or told to {@link
   * #prepare}: a server that starts has something else to do, and clients wait for its first
   * answer.
   */
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

  private static final long MOST_UNSAVED_BYTES = 64L << 20;

  private final Opening opening;
  private final InMemoryContextStore memory;
  private final InstantSource clock;
  private final Duration pause;
  private final UnsavedEntries unsaved = new UnsavedEntries(MOST_UNSAVED_BYTES);
  private final CountDownLatch needed = new CountDownLatch(1);
  private final CountDownLatch firstAttempt = new CountDownLatch(1);
  private final JoinedWatches watches;
  private final Thread attendant;
  private volatile ContextStore durable;

  /** Why the durable store cannot be written, null if it can. */
  private volatile StorageException trouble;

  private volatile boolean closed;

  /** Opens the durable store. */
  @FunctionalInterface
  public interface Opening {
    ContextStore open() throws ContextException;
  }

  /**
   * @param opening is tried soon, or when it is needed, and, as long as it fails, again
   * @param memory takes what cannot be durable; belongs to this store
   * @param pause between attempts to open or to write what waits
   */
  public ResilientContextStore(
      Opening opening, InMemoryContextStore memory, InstantSource clock, Duration pause) {
    this.opening = opening;
    this.memory = memory;
    this.watches = new JoinedWatches(memory);
    this.clock = clock;
    this.pause = pause;
    this.attendant = Thread.ofPlatform().daemon().name("context-storage").start(this::attend);
  }

  private void attend() {
    try {
      needed.await(FIRST_PAUSE.toMillis(), TimeUnit.MILLISECONDS);
      while (!closed) {
        recover();
        firstAttempt.countDown();
        synchronized (this) {
          if (!closed) {
            wait(pause.toMillis());
          }
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void recover() {
    try {
      if (durable == null) {
        ContextStore opened = opening.open();
        durable = opened;
        watches.opened(opened);
        worked();
      }
      saveAll();
    } catch (StorageException e) {
      failed(e);
    } catch (ContextException | RuntimeException e) {
      LOG.error("The durable contexts cannot be used", e);
    }
  }

  private void failed(StorageException failure) {
    if (trouble == null || trouble.fault() != failure.fault()) {
      LOG.warn("Contexts are kept in memory until this is mended: {}", failure.getMessage());
    }
    trouble = failure;
  }

  private void worked() {
    if (trouble != null && unsaved.isEmpty()) {
      LOG.warn("Contexts are kept on disk again");
      trouble = null;
    }
  }

  /** The durable store, once it has been tried to open it; empty if that failed. */
  private Optional<ContextStore> durable() {
    if (closed) {
      throw new IllegalStateException("the store is closed");
    }
    try {
      needed.countDown();
      firstAttempt.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return Optional.ofNullable(durable);
  }

  /** The store of a context that was not opened in memory. */
  private ContextStore durableStore() throws StorageException {
    Optional<ContextStore> store = durable();
    if (store.isPresent()) {
      return store.get();
    }
    StorageException why = trouble;
    throw why != null
        ? why
        : new StorageException(StorageException.Fault.IO, "contexts are not open", null);
  }

  @Override
  public void prepare() {
    needed.countDown();
  }

  @Override
  public String lifetimeInWords() {
    return memory.lifetimeInWords();
  }

  @Override
  public StorageState storage() {
    StorageException why = trouble;
    ContextStore store = durable;
    if (why == null && store != null) {
      return store.storage();
    }
    return new StorageState(
        false,
        StorageState.MEMORY.place(),
        why == null
            ? ""
            : "what is written now is kept in memory and ends with the server, because "
                + why.getMessage());
  }

  /** Contexts that were opened in memory stay there, and say so as long as they live. */
  @Override
  public StorageState storage(String principal, ContextId id) {
    StorageState now = storage();
    return now.durable() && memory.knows(principal, id)
        ? new StorageState(
            false,
            StorageState.MEMORY.place(),
            "this context ends with the server, because it was opened while contexts could not be"
                + " kept on disk; they can be now: open another one for what is to last")
        : now;
  }

  @Override
  public ContextInfo open(String principal, String title) throws ContextException {
    Optional<ContextStore> store = durable();
    if (store.isPresent()) {
      try {
        ContextInfo info = store.get().open(principal, title);
        worked();
        return info;
      } catch (StorageException e) {
        failed(e);
      }
    }
    return memory.open(principal, title);
  }

  @Override
  public ContextInfo info(String principal, ContextId id) throws ContextException {
    if (memory.knows(principal, id)) {
      return memory.info(principal, id);
    }
    ContextInfo info = durableStore().info(principal, id);
    return tail(principal, id).map(tail -> tail.behind(info)).orElse(info);
  }

  private Optional<UnsavedEntries.Tail> tail(String principal, ContextId id) {
    synchronized (this) {
      return unsaved.of(principal, id);
    }
  }

  @Override
  public List<Entry> append(
      String principal, ContextId id, List<EntryDraft> drafts, OptionalInt expectedVersion)
      throws ContextException {
    if (memory.knows(principal, id)) {
      return memory.append(principal, id, drafts, expectedVersion);
    }
    ContextStore store = durableStore();
    if (tail(principal, id).isPresent()) {
      return appendBehindUnsaved(store, principal, id, drafts, expectedVersion);
    }
    try {
      List<Entry> appended = store.append(principal, id, drafts, expectedVersion);
      worked();
      return appended;
    } catch (StorageException e) {
      if (!mayBeMended(e)) {
        throw e;
      }
      failed(e);
      return appendBehindUnsaved(store, principal, id, drafts, expectedVersion);
    }
  }

  /** Whether the data can still be read, and may be written again later. */
  private static boolean mayBeMended(StorageException e) {
    return switch (e.fault()) {
      case FULL, READ_ONLY, IO -> true;
      case BUSY, DAMAGED, UNREACHABLE, NEWER -> false;
    };
  }

  private synchronized List<Entry> appendBehindUnsaved(
      ContextStore store,
      String principal,
      ContextId id,
      List<EntryDraft> drafts,
      OptionalInt expectedVersion)
      throws ContextException {
    UnsavedEntries.Tail tail =
        unsaved
            .of(principal, id)
            .orElse(
                new UnsavedEntries.Tail(
                    id, principal, store.info(principal, id).entries(), List.of()));
    if (expectedVersion.isPresent() && expectedVersion.getAsInt() != tail.version()) {
      throw new VersionConflictException(id, expectedVersion.getAsInt(), tail.version());
    }
    long added = drafts.stream().mapToLong(EntrySize::of).sum();
    if (!unsaved.hasRoom(added)) {
      throw trouble == null ? durableTrouble() : trouble;
    }
    List<Entry> entries = new ArrayList<>();
    for (EntryDraft draft : drafts) {
      entries.add(Entry.of(tail.version() + entries.size(), draft, clock.instant()));
    }
    unsaved.add(tail, entries);
    return List.copyOf(entries);
  }

  private static StorageException durableTrouble() {
    return new StorageException(
        StorageException.Fault.FULL, "too much waits to be written to disk; try again soon", null);
  }

  /** Writes what waits. */
  private synchronized void saveAll() throws ContextException {
    for (UnsavedEntries.Tail tail : unsaved.all()) {
      save(tail);
    }
    worked();
  }

  private void save(UnsavedEntries.Tail tail) throws ContextException {
    try {
      durable.append(
          tail.principal(), tail.id(), tail.entries().stream().map(Entry::draft).toList());
      unsaved.remove(tail);
    } catch (StorageException e) {
      throw e;
    } catch (ContextException e) {
      LOG.warn(
          "{} entries that waited for the disk are lost: {}",
          tail.entries().size(),
          e.getMessage());
      unsaved.remove(tail);
    }
  }

  @Override
  public List<Entry> read(String principal, ContextId id, int from, int limit)
      throws ContextException {
    if (memory.knows(principal, id)) {
      return memory.read(principal, id, from, limit);
    }
    List<Entry> saved = durableStore().read(principal, id, from, limit);
    return tail(principal, id).map(tail -> tail.behind(saved, from, limit)).orElse(saved);
  }

  @Override
  public List<EntryHead> heads(String principal, ContextId id, int from, int limit)
      throws ContextException {
    if (memory.knows(principal, id)) {
      return memory.heads(principal, id, from, limit);
    }
    List<EntryHead> saved = durableStore().heads(principal, id, from, limit);
    return tail(principal, id).map(tail -> tail.headsBehind(saved, from, limit)).orElse(saved);
  }

  /** The store that a context is in, with nothing of it waiting elsewhere. */
  private ContextStore settled(String principal, ContextId id) throws ContextException {
    if (memory.knows(principal, id)) {
      return memory;
    }
    ContextStore store = durableStore();
    synchronized (this) {
      Optional<UnsavedEntries.Tail> tail = unsaved.of(principal, id);
      if (tail.isPresent()) {
        save(tail.get());
      }
    }
    return store;
  }

  @Override
  public ContextInfo fork(String principal, ContextId id, OptionalInt version, String title)
      throws ContextException {
    return settled(principal, id).fork(principal, id, version, title);
  }

  @Override
  public ContextInfo pin(String principal, ContextId id, boolean pinned) throws ContextException {
    return settled(principal, id).pin(principal, id, pinned);
  }

  @Override
  public ContextInfo end(String principal, ContextId id) throws ContextException {
    ContextStore store = memory.knows(principal, id) ? memory : durableStore();
    ContextInfo ended = store.end(principal, id);
    synchronized (this) {
      unsaved.of(principal, id).ifPresent(unsaved::remove);
    }
    return ended;
  }

  /** Those in memory first. */
  @Override
  public ContextPage list(String principal, ContextQuery query) throws ContextException {
    return new JoinedPages(memory, () -> durable().isPresent(), this::durableStore)
        .list(principal, query);
  }

  @Override
  public long count() throws ContextException {
    Optional<ContextStore> store = durable();
    return memory.count() + (store.isPresent() ? store.get().count() : 0);
  }

  @Override
  public List<ContextFork> forks(String principal) throws ContextException {
    List<ContextFork> all = new ArrayList<>(memory.forks(principal));
    if (durable().isPresent()) {
      all.addAll(durableStore().forks(principal));
    }
    return all;
  }

  /** The last change of the durable store; those in memory have numbers of their own. */
  @Override
  public long lastChange() throws ContextException {
    Optional<ContextStore> store = durable();
    return store.isPresent() ? store.get().lastChange() : 0;
  }

  /** Hears of durable contexts from the given change on, and of those in memory from now on. */
  @Override
  public ContextWatch watch(long after, ContextListener listener) {
    return watches.watch(after, listener);
  }

  /** Tries once more to write what waits. */
  @Override
  public void close() {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      notifyAll();
    }
    needed.countDown();
    try {
      attendant.join();
      if (durable != null) {
        saveAll();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ContextException e) {
      LOG.warn("Entries that waited for the disk are lost: {}", e.getMessage());
    }
    if (durable != null) {
      durable.close();
    }
    memory.close();
  }
}
