package dev.qwenmcp.server.context.sql;

import dev.qwenmcp.server.context.ChangeFeed;
import dev.qwenmcp.server.context.ContextChange;
import dev.qwenmcp.server.context.ContextException;
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
import dev.qwenmcp.server.context.ExpiredContextException;
import dev.qwenmcp.server.context.Lifetimes;
import dev.qwenmcp.server.context.StorageException;
import dev.qwenmcp.server.context.StorageState;
import dev.qwenmcp.server.context.VersionConflictException;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
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

  private static final String ID = "ctx_[A-Za-z0-9_-]{27}";

  private final Database database;
  private final ContextLimits limits;
  private final InstantSource clock;
  private final SecureRandom random;
  private final Segments segments = new Segments();
  private final EntryCache cache = new EntryCache(CACHE_BYTES);
  private final Renewals renewals = new Renewals();
  private final ChangeFeed feed;
  private final Upkeep upkeep;
  private volatile boolean closed;

  private SqlContextStore(
      Database database, ContextLimits limits, InstantSource clock, SecureRandom random) {
    this.database = database;
    this.limits = limits;
    this.clock = clock;
    this.random = random;
    this.feed = new ChangeFeed(new Changes(), database::listen);
    this.upkeep = new Upkeep(database, renewals, this::sweep);
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
      requireOneMore(session, principal, now);
      long segment =
          from.segment() == Segments.NONE
              ? Segments.create(session, Segments.NONE, 0)
              : segments.fork(session, from.segment(), from.entries());
      long expires = now + micros(limits.lifetime());
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

  private void requireOneMore(SqlSession session, String principal, long now)
      throws SQLException, ContextException {
    long live =
        session.number(
            "SELECT COUNT(*) FROM contexts WHERE principal = ? AND state = 0"
                + " AND (pinned = 1 OR expires > ?)",
            principal,
            now);
    ContextException.requireWithin(
        live + 1,
        limits.contextsPerPrincipal(),
        "contexts",
        "close one you no longer need, or let the oldest expire");
  }

  @Override
  public ContextInfo info(String principal, ContextId id) throws ContextException {
    long now = now();
    return database.read(session -> {
      ContextRow row = find(session, principal, id, now, "");
      return row.info(renew(row, now));
    });
  }

  @Override
  public List<Entry> append(
      String principal, ContextId id, List<EntryDraft> drafts, OptionalInt expectedVersion)
      throws ContextException {
    List<Entries.Encoded> encoded = drafts.stream().map(Entries.Encoded::of).toList();
    Appending appending = new Appending(principal, id, encoded, expectedVersion);
    try {
      return append(appending);
    } catch (ContextException e) {
      if (e.kind() != ContextException.Kind.QUOTA || sweep() == 0) {
        throw e;
      }
      return append(appending); // what had expired may have taken the room
    }
  }

  private record Appending(
      String principal, ContextId id, List<Entries.Encoded> drafts, OptionalInt expected) {
    long bytes() {
      return drafts.stream().mapToLong(Entries.Encoded::bytes).sum();
    }
  }

  /** What an append left behind. */
  private record Appended(long segment, List<Entry> entries) {}

  private List<Entry> append(Appending what) throws ContextException {
    long now = now();
    Appended appended = change(session -> append(session, what, now));
    for (int i = 0; i < what.drafts().size(); i++) {
      cache.put(appended.segment(), appended.entries().get(i), what.drafts().get(i).bytes());
    }
    return appended.entries();
  }

  private Appended append(SqlSession session, Appending what, long now)
      throws SQLException, ContextException {
    ContextRow row =
        find(session, what.principal(), what.id(), now, database.dialect().forUpdate());
    long expires = renew(row, now);
    int from = row.entries();
    if (what.expected().isPresent() && what.expected().getAsInt() != from) {
      throw new VersionConflictException(what.id(), what.expected().getAsInt(), from);
    }
    for (Entries.Encoded draft : what.drafts()) {
      limits.requireEntry(draft.bytes());
    }
    int version = from + what.drafts().size();
    limits.requireContext(
        row.handle(), from + (long) what.drafts().size(), row.bytes() + what.bytes());
    List<Entry> entries = new ArrayList<>();
    long total = row.bytes();
    for (Entries.Encoded draft : what.drafts()) {
      Entry entry = Entry.of(from + entries.size(), draft.draft(), Micros.toInstant(now));
      total += draft.bytes();
      Entries.insert(session, row.segment(), entry, draft, total);
      entries.add(entry);
    }
    if (entries.isEmpty()) {
      return new Appended(row.segment(), entries);
    }
    session.update(
        "UPDATE contexts SET entries = ?, bytes = ?, expires = ? WHERE id = ?",
        version,
        total,
        expires,
        row.id());
    session.update(
        "UPDATE context_segments SET bytes = bytes + ? WHERE id = ?", what.bytes(), row.segment());
    long all =
        Totals.record(
            database,
            session,
            row,
            ContextChange.Kind.APPENDED,
            new Totals.Effect(from, version, what.bytes(), now));
    limits.requireTotal(all);
    return new Appended(row.segment(), List.copyOf(entries));
  }

  @Override
  public List<Entry> read(String principal, ContextId id, int from, int limit)
      throws ContextException {
    return part(principal, id, new Range(from, limit), (s, piece) -> Entries.read(s, piece, cache));
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
      ContextRow row = find(session, principal, id, now, "");
      renew(row, now);
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
          ContextRow row = find(session, principal, id, now(), database.dialect().forUpdate());
          renew(row, now());
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
      ContextRow row = find(session, principal, id, now, database.dialect().forUpdate());
      long expires = renew(row, now);
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
    long after = query.afterNumber();
    tryToWriteRenewals();
    List<ContextRow> rows =
        database.read(session ->
            session.all(
                "SELECT "
                    + ContextRow.COLUMNS
                    + " FROM contexts WHERE principal = ? AND state = 0 AND id < ?"
                    + " AND (pinned = 1 OR expires > ?) AND "
                    + database.dialect().position()
                    + "(folded_title, ?) > 0 ORDER BY id DESC LIMIT ?",
                ContextRow::read,
                principal,
                after,
                now,
                ContextTitles.folded(query.title()),
                query.limit() + 1));
    boolean more = rows.size() > query.limit();
    List<ContextRow> page = more ? rows.subList(0, query.limit()) : rows;
    return new ContextPage(
        page.stream().map(row -> row.info(row.expires())).toList(),
        more ? ContextQuery.behind(page.getLast().id()) : "");
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
      ContextRow row = find(session, principal, id, now, database.dialect().forUpdate());
      end(session, row, ContextRow.CLOSED, now);
      return row.info(row.expires());
    });
  }

  private void end(SqlSession session, ContextRow row, int state, long when) throws SQLException {
    session.update("UPDATE contexts SET state = ?, ended = ? WHERE id = ?", state, when, row.id());
    long freed = segments.release(session, row.segment(), database.dialect().forUpdate());
    Totals.record(
        database,
        session,
        row,
        state == ContextRow.CLOSED ? ContextChange.Kind.CLOSED : ContextChange.Kind.EXPIRED,
        new Totals.Effect(row.entries(), row.entries(), -freed, now()));
  }

  /**
   * Removes what has expired and forgets what went long ago.
   *
   * @return number of contexts removed
   */
  private int sweep() throws ContextException {
    upkeep.writeRenewals();
    long now = now();
    long forgotten = now - micros(limits.remembrance());
    int removed = 0;
    while (isAnythingDue(now, forgotten)) {
      boolean one = change(session -> expireOne(session, now));
      if (one) {
        removed++;
      } else {
        database.write(session ->
            session.update("DELETE FROM contexts WHERE state <> 0 AND ended <= ?", forgotten));
        return removed;
      }
    }
    return removed;
  }

  /** Looks before it locks: most of the time there is nothing. */
  private boolean isAnythingDue(long now, long forgotten) throws ContextException {
    return database.read(session ->
        session
                .first(
                    "SELECT 1 FROM contexts WHERE state = 0 AND pinned = 0 AND expires <= ? LIMIT 1",
                    row -> 1,
                    now)
                .isPresent()
            || session
                .first(
                    "SELECT 1 FROM contexts WHERE state <> 0 AND ended <= ? LIMIT 1",
                    row -> 1,
                    forgotten)
                .isPresent());
  }

  private boolean expireOne(SqlSession session, long now) throws SQLException {
    var due =
        session.first(
            "SELECT "
                + ContextRow.COLUMNS
                + " FROM contexts WHERE state = 0 AND pinned = 0 AND expires <= ?"
                + " ORDER BY expires LIMIT 1"
                + database.dialect().skipLocked(),
            ContextRow::read,
            now);
    if (due.isPresent()) {
      end(session, due.get(), ContextRow.EXPIRED, due.get().expires());
    }
    return due.isPresent();
  }

  /** Writes, and tells listeners of this and other processes. */
  private <T> T change(Database.Work<T> work) throws ContextException {
    requireOpen();
    T result = database.write(work);
    database.announced();
    return result;
  }

  /**
   * Finds a context that is still open.
   *
   * @param lock how to lock it, empty for not at all
   */
  private ContextRow find(SqlSession session, String principal, ContextId id, long now, String lock)
      throws SQLException, ContextException {
    requireOpen();
    if (!id.value().matches(ID)) {
      throw ContextException.unknown(id);
    }
    ContextRow row =
        session
            .first(
                "SELECT "
                    + ContextRow.COLUMNS
                    + " FROM contexts WHERE handle = ? AND principal = ?"
                    + lock,
                ContextRow::read,
                id.value(),
                principal)
            .orElseThrow(() -> ContextException.unknown(id));
    long remembered = now - micros(limits.remembrance());
    if (row.state() == ContextRow.CLOSED) {
      throw row.ended() > remembered
          ? ContextException.closed(id, Micros.toInstant(row.ended()))
          : ContextException.unknown(id);
    }
    long expires = renewals.latest(row.id(), row.expires());
    if (row.state() == ContextRow.EXPIRED || !row.pinned() && expires <= now) {
      throw expires > remembered
          ? new ExpiredContextException(id, Micros.toInstant(expires), limits.lifetime())
          : ContextException.unknown(id);
    }
    return row;
  }

  private long renew(ContextRow row, long now) {
    long expires = now + micros(limits.lifetime());
    renewals.note(row.id(), expires);
    return expires;
  }

  private long now() {
    requireOpen();
    return Micros.of(clock.instant());
  }

  private static long micros(Duration duration) {
    return Micros.of(Instant.EPOCH.plus(duration));
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the store is closed");
    }
  }

  @Override
  public long lastChange() throws ContextException {
    return database.read(Totals::last);
  }

  @Override
  public ContextWatch watch(long after, ContextListener listener) {
    return feed.listen(after, listener);
  }

  private final class Changes implements ChangeFeed.Record {
    @Override
    public long last() throws ContextException {
      return lastChange();
    }

    @Override
    public long oldest() throws ContextException {
      return database.read(Totals::oldest);
    }

    @Override
    public List<ContextChange> after(long number, int limit) throws ContextException {
      return database.read(session -> Totals.after(session, number, limit));
    }
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
