package dev.qwenmcp.server.context.sql;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which segments a context's entries are in.
 *
 * <p>A segment's parent and base never change, so they are remembered. Rows are locked from a
 * segment towards its ancestors, never the other way.
 */
final class Segments {
  /** No parent. */
  static final long NONE = 0;

  private static final int REMEMBERED = 10_000;
  private static final String COLUMNS = "id, parent, base, live, children, bytes";

  private final Map<Long, Link> known =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Link> eldest) {
          return size() > REMEMBERED;
        }
      };

  /** What never changes of a segment. */
  private record Link(long parent, int base) {}

  private record Segment(long id, long parent, int base, boolean live, int children, long bytes) {
    static Segment read(ResultSet row) throws SQLException {
      return new Segment(
          row.getLong(1),
          row.getLong(2),
          row.getInt(3),
          row.getInt(4) != 0,
          row.getInt(5),
          row.getLong(6));
    }
  }

  /**
   * Part of a context's entries.
   *
   * @param segment that holds them
   * @param from first position
   * @param to behind the last
   */
  record Piece(long segment, int from, int to) {}

  static long create(SqlSession session, long parent, int base) throws SQLException {
    return session.number(
        "INSERT INTO context_segments (parent, base, live, children, bytes)"
            + " VALUES (?, ?, 1, 0, 0) RETURNING id",
        parent,
        base);
  }

  /** Where the entries from one position to another are, in their order. */
  List<Piece> pieces(SqlSession session, long segment, int from, int to) throws SQLException {
    Deque<Piece> pieces = new ArrayDeque<>();
    long at = segment;
    int end = to;
    while (from < end) {
      Link here = find(session, at);
      if (here.base() < end) {
        pieces.addFirst(new Piece(at, Math.max(from, here.base()), end));
        end = here.base();
      }
      at = here.parent();
    }
    return new ArrayList<>(pieces);
  }

  private Link find(SqlSession session, long id) throws SQLException {
    synchronized (known) {
      Link link = known.get(id);
      if (link != null) {
        return link;
      }
    }
    Segment segment =
        select(session, id, "")
            .orElseThrow(() -> new SQLException("segment " + id + " is missing"));
    Link link = new Link(segment.parent(), segment.base());
    synchronized (known) {
      known.put(id, link);
    }
    return link;
  }

  private static Optional<Segment> select(SqlSession session, long id, String lock)
      throws SQLException {
    return session.first(
        "SELECT " + COLUMNS + " FROM context_segments WHERE id = ?" + lock, Segment::read, id);
  }

  /**
   * Begins a segment that shares another's entries before a position.
   *
   * @return its number
   */
  long fork(SqlSession session, long segment, int base) throws SQLException {
    // The ancestor that holds the last shared entry: forks of forks do not make chains of empties.
    long parent = segment;
    while (parent != NONE && find(session, parent).base() >= base) {
      parent = find(session, parent).parent();
    }
    if (parent != NONE) {
      session.update("UPDATE context_segments SET children = children + 1 WHERE id = ?", parent);
    }
    return create(session, parent, base);
  }

  /**
   * Gives up a context's segment: what no fork needs is deleted, with its ancestors where they are
   * needed no longer.
   *
   * @return bytes that were freed
   */
  long release(SqlSession session, long segment, String lock) throws SQLException {
    Segment here = select(session, segment, lock).orElseThrow();
    session.update("UPDATE context_segments SET live = 0 WHERE id = ?", segment);
    boolean live = false;
    int children = here.children();
    long freed = 0;
    while (!live) {
      if (children > 0) {
        return freed + shorten(session, here.id());
      }
      freed += here.bytes();
      TextUpkeep.entriesGo(session, here.id(), 0);
      session.update("DELETE FROM context_entries WHERE segment = ?", here.id());
      session.update("DELETE FROM context_segments WHERE id = ?", here.id());
      if (here.parent() == NONE) {
        return freed;
      }
      here = select(session, here.parent(), lock).orElseThrow();
      session.update("UPDATE context_segments SET children = children - 1 WHERE id = ?", here.id());
      live = here.live();
      children = here.children() - 1;
    }
    return freed;
  }

  /** Deletes entries behind those that forks share. */
  private static long shorten(SqlSession session, long segment) throws SQLException {
    long shared =
        session.number("SELECT MAX(base) FROM context_segments WHERE parent = ?", segment);
    long bytes =
        session.number(
            "SELECT COALESCE(SUM(bytes), 0) FROM context_entries WHERE segment = ? AND position >= ?",
            segment,
            shared);
    TextUpkeep.entriesGo(session, segment, shared);
    session.update(
        "DELETE FROM context_entries WHERE segment = ? AND position >= ?", segment, shared);
    session.update("UPDATE context_segments SET bytes = bytes - ? WHERE id = ?", bytes, segment);
    return bytes;
  }
}
