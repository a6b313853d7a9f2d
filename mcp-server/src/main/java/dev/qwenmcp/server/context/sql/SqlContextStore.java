package dev.qwenmcp.server.context.sql;

import dev.qwenmcp.server.context.ChangeFeed;
import dev.qwenmcp.server.context.ContextChange;
import dev.qwenmcp.server.context.ContextException;
import dev.qwenmcp.server.context.ContextFork;
import dev.qwenmcp.server.context.ContextId;
import dev.qwenmcp.server.context.ContextInfo;
import dev.qwenmcp.server.context.ContextLimits;
import dev.qwenmcp.server.context.ContextListener;
import dev.qwenmcp.server.context.ContextPage;
import dev.qwenmcp.server.context.ContextQuery;
import dev.qwenmcp.server.context.ContextStore;
import dev.qwenmcp.server.context.ContextTitles;
import dev.qwenmcp.server.context.ContextWatch;
import dev.qwenmcp.server.context.Entry;
import dev.qwenmcp.server.context.EntryDraft;
import dev.qwenmcp.server.context.EntryHead;
import dev.qwenmcp.server.context.EntrySize;
import dev.qwenmcp.server.context.Lifetimes;
import dev.qwenmcp.server.context.StorageException;
import dev.qwenmcp.server.context.StorageState;
import dev.qwenmcp.server.context.VersionConflictException;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Contexts in a database; what is acknowledged is on disk.
 *
 * <p>Locks are taken in this order everywhere: context, segments towards their ancestors, totals.
 * Lifetimes renewed by reading reach the disk within a second; everything else before it returns.
 */
public final class SqlContextStore implements ContextStore {
  private static final Logger LOG = LoggerFactory.getLogger(SqlContextStore.class);

  /** Entries kept at hand: passing a context of the largest size on reads no disk. */
  private static final long CACHE_BYTES = 64L << 20;

  /** An appended entry up to this size is kept at hand before anybody has read it. */
  private static final long MOST_KEPT_BYTES = 16 << 10;

  private final Database database;
  private final ContextLimits limits;
  private final InstantSource clock;
  private final SecureRandom random;
  private final Segments segments = new Segments();
  private final EntryCache cache = new EntryCache(CACHE_BYTES);
  private final Renewals renewals = new Renewals();
  private final ChangeFeed feed;
  private final Upkeep upkeep;
  private final OpenContexts contexts;
  private final Appending appending;
  private final ContextLists lists;
  private final ContextEnds ends;
  private volatile boolean closed;

  private SqlContextStore(
      Database database, ContextLimits limits, InstantSource clock, SecureRandom random) {
    this.database = database;
    this.limits = limits;
    this.clock = clock;
    this.random = random;
    this.feed = new ChangeFeed(new StoredChanges(database), database::listen);
    this.contexts = new OpenContexts(limits, renewals);
    TextUpkeep texts = new TextUpkeep(database);
    this.appending = new Appending(database, limits, contexts, texts);
    this.lists = new ContextLists(database);
    this.ends = new ContextEnds(database, segments);
    this.upkeep = new Upkeep(database, renewals, texts, this::sweep);
  }

  /**
   * Opens the contexts in a folder of this machine; other processes may have them open too.
   *
   * @throws StorageException if the folder cannot be used
   */
  public static SqlContextStore sqlite(
      SqliteSettings settings, ContextLimits limits, InstantSource clock, SecureRandom random)
      throws ContextException {
    return open(new SqliteDatabase(settings), limits, clock, random);
  }

  /**
   * Opens the contexts in a PostgreSQL database, making the tables if need be.
   *
   * @throws StorageException if it cannot be reached
   */
  public static SqlContextStore postgresql(
      PostgresSettings settings, ContextLimits limits, InstantSource clock, SecureRandom random)
      throws ContextException {
    return open(new PostgresDatabase(settings), limits, clock, random);
  }

  private static SqlContextStore open(
      Database database, ContextLimits limits, InstantSource clock, SecureRandom random)
      throws ContextException {
    try {
      Schema.migrate(database, Micros.of(clock.instant()));
      SqlContextStore store = new SqlContextStore(database, limits, clock, random);
      store.upkeep.start();
      return store;
    } catch (ContextException | RuntimeException e) {
      database.close();
      throw e;
    }
  }

  @Override
  public String lifetimeInWords() {
    return Lifetimes.inWords(limits.lifetime());
  }

  @Override
  public StorageState storage() {
    return StorageState.durable(database.place());
  }

  @Override
  public ContextInfo open(String principal, String title) throws ContextException {
    return create(principal, title, session -> new Origin(Segments.NONE, 0, 0));
  }

  /** What a new context begins with. */
  private record Origin(long segment, int entries, long bytes) {}

  private ContextInfo create(String principal, String title, Database.Work<Origin> origin)
      throws ContextException {
    String kept = ContextTitles.kept(title);
    ContextException.requireWithin(
        EntrySize.utf8(kept), limits.bytesPerEntry(), "bytes of the title", "shorten it");
    ContextId id = ContextId.random(random);
    long now = now();
    return change(session -> {
      Origin from = origin.run(session);
      contexts.requireOneMore(session, principal, now);
      long segment =
          from.segment() == Segments.NONE
              ? Segments.create(session, Segments.NONE, 0)
              : segments.fork(session, from.segment(), from.entries());
      long expires = now + Micros.in(limits.lifetime());
      long number =
          session.number(
              "INSERT INTO contexts (handle, principal, title, folded_title, created, expires,"
                  + " pinned, state, ended, segment, entries, bytes)"
                  + " VALUES (?, ?, ?, ?, ?, ?, 0, 0, 0, ?, ?, ?) RETURNING id",
              id.value(),
              principal,
              kept,
              ContextTitles.folded(kept),
              now,
              expires,
              segment,
              from.entries(),
              from.bytes());
      ContextRow row =
          new ContextRow(
              number,
              id,
              principal,
              kept,
              now,
              expires,
              false,
              ContextRow.OPEN,
              0,
              segment,
              from.entries(),
              from.bytes());
      Totals.record(
          database,
          session,
          row,
          ContextChange.Kind.OPENED,
          new Totals.Effect(0, from.entries(), 0, now));
      return row.info(expires);
    });
  }

  @Override
  public ContextInfo info(String principal, ContextId id) throws ContextException {
    long now = now();
    return database.read(session -> {
      ContextRow row = contexts.find(session, principal, id, now, "");
      return row.info(contexts.renew(row, now));
    });
  }

  @Override
  public List<Entry> append(
      String principal, ContextId id, List<EntryDraft> drafts, OptionalInt expectedVersion)
      throws ContextException {
    List<Entries.Encoded> encoded = appending.encode(drafts);
    boolean appended = false;
    try {
      List<Entry> entries =
          appendOrSweep(new Appending.Request(principal, id, encoded, expectedVersion));
      appended = true;
      return entries;
    } finally {
      if (!appended) {
        appending.discard(encoded);
      }
    }
  }

  private List<Entry> appendOrSweep(Appending.Request request) throws ContextException {
    try {
      return append(request);
    } catch (ContextException e) {
      if (e.kind() != ContextException.Kind.QUOTA || sweep() == 0) {
        throw e;
      }
      return append(request); // what had expired may have taken the room
    }
  }

  private List<Entry> append(Appending.Request what) throws ContextException {
    long now = now();
    Appending.Appended appended = change(session -> appending.append(session, what, now));
    for (int i = 0; i < what.drafts().size(); i++) {
      // Large texts are not kept: the collector would copy each to where it keeps what lasts, and
      // calls would wait for that. The system has their files at hand.
      if (what.drafts().get(i).bytes() < MOST_KEPT_BYTES) {
        cache.put(appended.segment(), appended.entries().get(i), what.drafts().get(i).bytes());
      }
    }
    return appended.entries();
  }

  @Override
  public List<Entry> read(String principal, ContextId id, int from, int limit)
      throws ContextException {
    PieceReader<Entry> reader =
        (session, piece) -> Entries.read(session, piece, cache, database.textFiles());
    try {
      return part(principal, id, new Range(from, limit), reader);
    } catch (StorageException e) {
      if (e.fault() != StorageException.Fault.DAMAGED) {
        throw e;
      }
      // Its file may have gone with the context, which this look will find ended.
      return part(principal, id, new Range(from, limit), reader);
    }
  }

  @Override
  public List<EntryHead> heads(String principal, ContextId id, int from, int limit)
      throws ContextException {
    return part(principal, id, new Range(from, limit), Entries::heads);
  }

  private record Range(int from, int limit) {
    Range {
      if (from < 0 || limit < 0) {
        throw new IllegalArgumentException(
            "from and limit are not negative: " + from + ", " + limit);
      }
    }
  }

  private interface PieceReader<T> {
    List<T> read(SqlSession session, Segments.Piece piece) throws SQLException, ContextException;
  }

  private <T> List<T> part(String principal, ContextId id, Range range, PieceReader<T> reader)
      throws ContextException {
    long now = now();
    return database.read(session -> {
      ContextRow row = contexts.find(session, principal, id, now, "");
      contexts.renew(row, now);
      int end = (int) Math.min((long) range.from() + range.limit(), row.entries());
      List<T> result = new ArrayList<>();
      for (Segments.Piece piece : segments.pieces(session, row.segment(), range.from(), end)) {
        result.addAll(reader.read(session, piece));
      }
      return List.copyOf(result);
    });
  }

  @Override
  public ContextInfo fork(String principal, ContextId id, OptionalInt version, String title)
      throws ContextException {
    return create(
        principal,
        title,
        session -> {
          ContextRow row =
              contexts.find(session, principal, id, now(), database.dialect().forUpdate());
          contexts.renew(row, now());
          int size = version.orElse(row.entries());
          if (size < 0 || size > row.entries()) {
            throw new VersionConflictException(id, size, row.entries());
          }
          List<Segments.Piece> last =
              segments.pieces(session, row.segment(), Math.max(0, size - 1), size);
          return new Origin(row.segment(), size, Entries.bytesBefore(session, last));
        });
  }

  @Override
  public ContextInfo pin(String principal, ContextId id, boolean pinned) throws ContextException {
    long now = now();
    return change(session -> {
      ContextRow row = contexts.find(session, principal, id, now, database.dialect().forUpdate());
      long expires = contexts.renew(row, now);
      if (row.pinned() != pinned) {
        session.update(
            "UPDATE contexts SET pinned = ?, expires = ? WHERE id = ?",
            pinned ? 1 : 0,
            expires,
            row.id());
        Totals.record(
            database, session, row, ContextChange.Kind.PINNED, Totals.Effect.on(row, now));
      }
      ContextInfo info = row.info(expires);
      return new ContextInfo(
          info.id(),
          info.title(),
          info.created(),
          info.expires(),
          pinned,
          info.entries(),
          info.bytes());
    });
  }

  @Override
  public ContextPage list(String principal, ContextQuery query) throws ContextException {
    long now = now();
    tryToWriteRenewals();
    return lists.page(principal, query, now);
  }

  @Override
  public List<ContextFork> forks(String principal) throws ContextException {
    return lists.forks(principal, now());
  }

  /** A list shows what is on disk; if that cannot be written, it shows older times. */
  private void tryToWriteRenewals() throws ContextException {
    try {
      upkeep.writeRenewals();
    } catch (StorageException e) {
      LOG.debug("Lifetimes are listed as they were", e);
    }
  }

  @Override
  public ContextInfo end(String principal, ContextId id) throws ContextException {
    long now = now();
    return change(session -> {
      ContextRow row = contexts.find(session, principal, id, now, database.dialect().forUpdate());
      ends.end(session, row, ContextRow.CLOSED, now, now);
      return row.info(row.expires());
    });
  }

  /**
   * Removes what has expired and forgets what went long ago.
   *
   * @return number of contexts removed
   */
  private int sweep() throws ContextException {
    upkeep.writeRenewals();
    long now = now();
    long forgotten = now - Micros.in(limits.remembrance());
    int removed = 0;
    while (ends.isAnythingDue(now, forgotten)) {
      boolean one = change(session -> ends.expireOne(session, now));
      if (one) {
        removed++;
      } else {
        ends.forget(forgotten);
        return removed;
      }
    }
    return removed;
  }

  /** Writes, and tells listeners of this and other processes. */
  private <T> T change(Database.Work<T> work) throws ContextException {
    requireOpen();
    T result = database.write(work);
    database.announced();
    return result;
  }

  private long now() {
    requireOpen();
    return Micros.of(clock.instant());
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the store is closed");
    }
  }

  @Override
  public long count() throws ContextException {
    long now = now();
    return database.read(session ->
        session.number(
            "SELECT COUNT(*) FROM contexts WHERE state = 0 AND (pinned = 1 OR expires > ?)", now));
  }

  @Override
  public long lastChange() throws ContextException {
    return database.read(Totals::last);
  }

  @Override
  public ContextWatch watch(long after, ContextListener listener) {
    return feed.listen(after, listener);
  }

  @Override
  public void close() {
    if (!closed) {
      upkeep.close();
      closed = true;
      feed.close();
      database.close();
    }
  }
}
