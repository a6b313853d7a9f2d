package dev.qwenmcp.server.context;

import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Contexts in the memory of this process; they end with it.
 *
 * <p>One lock guards all of it: every operation is a few map look-ups, so that even a thousand
 * calls a second leave it idle. Expired contexts are removed by whatever operation comes next. A
 * fork holds references to the entries that it shares, but counts for their bytes again.
 */
public final class InMemoryContextStore implements ContextStore {
  private static final int CHANGES_ON_RECORD = 10_000;

  private final ContextLimits limits;
  private final InstantSource clock;
  private final SecureRandom random;

  private final Map<ContextId, HeldContext> contexts = new HashMap<>();

  /** The same contexts, the one that expires first in front; pinned ones are not here. */
  private final TreeSet<HeldContext> byExpiry =
      new TreeSet<>(
          Comparator.comparing((HeldContext held) -> held.expires)
              .thenComparing(held -> held.id.value()));

  /** The same contexts by their number. */
  private final TreeMap<Long, HeldContext> byNumber = new TreeMap<>();

  private final GoneContexts gone = new GoneContexts();
  private final Map<String, Integer> contextsOf = new HashMap<>();
  private final Deque<ContextChange> changes = new ArrayDeque<>();
  private final ChangeFeed feed = new ChangeFeed(new Changes(), Notice::new);
  private long lastNumber;
  private long lastChange;
  private long bytes;
  private boolean closed;

  public InMemoryContextStore(ContextLimits limits, InstantSource clock, SecureRandom random) {
    this.limits = limits;
    this.clock = clock;
    this.random = random;
  }

  @Override
  public String lifetimeInWords() {
    return Lifetimes.inWords(limits.lifetime());
  }

  @Override
  public StorageState storage() {
    return StorageState.MEMORY;
  }

  /** Whether this store gave the handle to the principal, however long ago it remembers. */
  synchronized boolean knows(String principal, ContextId id) {
    HeldContext held = contexts.get(id);
    return held != null && held.principal.equals(principal) || gone.of(principal, id).isPresent();
  }

  @Override
  public synchronized ContextInfo open(String principal, String title) throws ContextException {
    return describe(newContext(principal, title, begin()));
  }

  private HeldContext newContext(String principal, String title, Instant now)
      throws ContextException {
    ContextException.requireWithin(
        contextsOf.getOrDefault(principal, 0) + 1L,
        limits.contextsPerPrincipal(),
        "contexts",
        "close one you no longer need, or let the oldest expire");
    String kept = ContextTitles.kept(title);
    ContextException.requireWithin(
        EntrySize.utf8(kept), limits.bytesPerEntry(), "bytes of the title", "shorten it");
    HeldContext held =
        new HeldContext(ContextId.random(random), ++lastNumber, principal, kept, now);
    held.expires = now.plus(limits.lifetime());
    contexts.put(held.id, held);
    byExpiry.add(held);
    byNumber.put(held.number, held);
    contextsOf.merge(principal, 1, Integer::sum);
    record(held, ContextChange.Kind.OPENED, 0, now);
    return held;
  }

  @Override
  public synchronized ContextInfo info(String principal, ContextId id) throws ContextException {
    return describe(use(principal, id, begin()));
  }

  @Override
  public synchronized List<Entry> append(
      String principal, ContextId id, List<EntryDraft> drafts, OptionalInt expectedVersion)
      throws ContextException {
    Instant now = begin();
    HeldContext held = use(principal, id, now);
    int from = held.entries.size();
    if (expectedVersion.isPresent() && expectedVersion.getAsInt() != from) {
      throw new VersionConflictException(id, expectedVersion.getAsInt(), from);
    }
    requireRoom(held, drafts);
    for (EntryDraft draft : drafts) {
      Entry entry = Entry.of(held.entries.size(), draft, now);
      EntryHead head = EntryHead.of(entry, EntryHead.digest(entry.text()));
      held.add(entry, head);
      bytes += head.bytes();
    }
    if (!drafts.isEmpty()) {
      record(held, ContextChange.Kind.APPENDED, from, now);
    }
    return List.copyOf(held.entries.subList(from, held.entries.size()));
  }

  private void requireRoom(HeldContext held, List<EntryDraft> drafts) throws ContextException {
    long added = 0;
    for (EntryDraft draft : drafts) {
      long size = EntrySize.of(draft);
      limits.requireEntry(size);
      added += size;
    }
    limits.requireContext(held.id, held.entries.size() + (long) drafts.size(), held.bytes + added);
    limits.requireTotal(bytes + added);
  }

  @Override
  public synchronized List<Entry> read(String principal, ContextId id, int from, int limit)
      throws ContextException {
    return part(use(principal, id, begin()).entries, from, limit);
  }

  @Override
  public synchronized List<EntryHead> heads(String principal, ContextId id, int from, int limit)
      throws ContextException {
    return part(use(principal, id, begin()).heads, from, limit);
  }

  private static <T> List<T> part(List<T> all, int from, int limit) {
    if (from < 0 || limit < 0) {
      throw new IllegalArgumentException("from and limit are not negative: " + from + ", " + limit);
    }
    int start = Math.min(from, all.size());
    int end = (int) Math.min((long) start + limit, all.size());
    return List.copyOf(all.subList(start, end));
  }

  @Override
  public synchronized ContextInfo fork(
      String principal, ContextId id, OptionalInt version, String title) throws ContextException {
    Instant now = begin();
    HeldContext origin = use(principal, id, now);
    int size = version.orElse(origin.entries.size());
    if (size < 0 || size > origin.entries.size()) {
      throw new VersionConflictException(id, size, origin.entries.size());
    }
    long shared = origin.heads.subList(0, size).stream().mapToLong(EntryHead::bytes).sum();
    limits.requireTotal(bytes + shared);
    HeldContext fork = newContext(principal, title, now);
    for (int i = 0; i < size; i++) {
      fork.add(origin.entries.get(i), origin.heads.get(i));
    }
    bytes += shared;
    fork.lineage = HeldContext.Lineage.of(origin, size);
    return describe(fork);
  }

  @Override
  public synchronized List<ContextFork> forks(String principal) throws ContextException {
    begin();
    return contexts.values().stream()
        .filter(held -> held.principal.equals(principal) && held.lineage != null)
        .filter(held -> contexts.containsKey(held.lineage.origin()))
        .sorted(Comparator.comparingLong(held -> held.number))
        .map(held -> new ContextFork(held.id, held.lineage.origin(), held.lineage.shared()))
        .toList();
  }

  @Override
  public synchronized ContextInfo pin(String principal, ContextId id, boolean pinned)
      throws ContextException {
    Instant now = begin();
    HeldContext held = use(principal, id, now);
    if (held.pinned != pinned) {
      held.pinned = pinned;
      if (pinned) {
        byExpiry.remove(held);
      } else {
        byExpiry.add(held);
      }
      record(held, ContextChange.Kind.PINNED, held.entries.size(), now);
    }
    return describe(held);
  }

  @Override
  public synchronized ContextPage list(String principal, ContextQuery query)
      throws ContextException {
    begin();
    String wanted = ContextTitles.folded(query.title());
    List<ContextInfo> page = new ArrayList<>();
    Iterator<HeldContext> newestFirst =
        byNumber.headMap(after(principal, query), false).descendingMap().values().iterator();
    String last = "";
    while (newestFirst.hasNext()) {
      HeldContext held = newestFirst.next();
      if (held.principal.equals(principal) && ContextTitles.folded(held.title).contains(wanted)) {
        if (page.size() == query.limit()) {
          return new ContextPage(page, last);
        }
        page.add(describe(held));
        last = held.id.value();
      }
    }
    return new ContextPage(page, "");
  }

  /** The number of the context behind which a list goes on, which may have ended meanwhile. */
  private long after(String principal, ContextQuery query) throws ContextException {
    if (query.afterContext().isEmpty()) {
      return Long.MAX_VALUE;
    }
    ContextId id = query.afterContext().get();
    HeldContext held = contexts.get(id);
    if (held != null && held.principal.equals(principal)) {
      return held.number;
    }
    return gone.of(principal, id).orElseThrow(query::nowhere).number();
  }

  @Override
  public synchronized ContextInfo end(String principal, ContextId id) throws ContextException {
    Instant now = begin();
    HeldContext held = use(principal, id, now);
    remove(held, ContextException.closed(id, now), now.plus(limits.remembrance()));
    record(held, ContextChange.Kind.CLOSED, held.entries.size(), now);
    return describe(held);
  }

  @Override
  public synchronized long count() {
    begin();
    return contexts.size();
  }

  @Override
  public synchronized long lastChange() {
    begin();
    return lastChange;
  }

  @Override
  public ContextWatch watch(long after, ContextListener listener) {
    return feed.listen(after, listener);
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      contexts.clear();
      byExpiry.clear();
      byNumber.clear();
      gone.clear();
      contextsOf.clear();
      changes.clear();
      bytes = 0;
      notifyAll();
    }
    feed.close();
  }

  private void record(HeldContext held, ContextChange.Kind kind, int first, Instant now) {
    changes.addLast(
        new ContextChange(
            ++lastChange, held.id, held.principal, kind, first, held.entries.size(), now));
    if (changes.size() > CHANGES_ON_RECORD) {
      changes.removeFirst();
    }
    notifyAll();
  }

  /** Removes what has expired. */
  private Instant begin() {
    if (closed) {
      throw new IllegalStateException("the store is closed");
    }
    Instant now = clock.instant();
    while (!byExpiry.isEmpty() && !byExpiry.first().expires.isAfter(now)) {
      HeldContext held = byExpiry.first();
      remove(
          held,
          new ExpiredContextException(held.id, held.expires, limits.lifetime()),
          held.expires.plus(limits.remembrance()));
      record(held, ContextChange.Kind.EXPIRED, held.entries.size(), now);
    }
    gone.forget(now);
    return now;
  }

  private void remove(HeldContext held, ContextException why, Instant forgotten) {
    byExpiry.remove(held);
    byNumber.remove(held.number);
    contexts.remove(held.id);
    contextsOf.computeIfPresent(held.principal, (who, count) -> count == 1 ? null : count - 1);
    bytes -= held.bytes;
    gone.add(new GoneContexts.Trace(held.id, held.principal, held.number, why, forgotten));
  }

  /** Finds a context and renews its lifetime. */
  private HeldContext use(String principal, ContextId id, Instant now) throws ContextException {
    HeldContext held = contexts.get(id);
    if (held == null || !held.principal.equals(principal)) {
      throw gone.of(principal, id)
          .map(GoneContexts.Trace::why)
          .orElseGet(() -> ContextException.unknown(id));
    }
    byExpiry.remove(held);
    held.expires = now.plus(limits.lifetime());
    if (!held.pinned) {
      byExpiry.add(held);
    }
    return held;
  }

  private static ContextInfo describe(HeldContext held) {
    return new ContextInfo(
        held.id,
        held.title,
        held.created,
        held.expires,
        held.pinned,
        held.entries.size(),
        held.bytes);
  }

  private final class Changes implements ChangeFeed.Record {
    @Override
    public long last() {
      return lastChange();
    }

    @Override
    public long oldest() {
      synchronized (InMemoryContextStore.this) {
        return changes.isEmpty() ? lastChange + 1 : changes.peekFirst().number();
      }
    }

    @Override
    public List<ContextChange> after(long number, int limit) {
      synchronized (InMemoryContextStore.this) {
        return changes.stream().filter(c -> c.number() > number).limit(limit).toList();
      }
    }
  }

  /** Wakes with every change. */
  private final class Notice implements ChangeFeed.Signal {
    @Override
    public void await(long millis) throws InterruptedException {
      synchronized (InMemoryContextStore.this) {
        InMemoryContextStore.this.wait(millis);
      }
    }

    @Override
    public void close() {
      // Nothing is held.
    }
  }
}
