package dev.qwenmcp.server.context.sql;

import dev.qwenmcp.engine.Usage;
import dev.qwenmcp.server.context.Entry;
import dev.qwenmcp.server.context.EntryDraft;
import dev.qwenmcp.server.context.EntryHead;
import dev.qwenmcp.server.context.ModelIdentity;
import dev.qwenmcp.server.context.StorageException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** The table of entries. */
final class Entries {
  private static final String HEAD =
      "position, role, tool, model, fingerprint, created, bytes, digest";
  private static final String WHOLE =
      HEAD
          + ", prompt_tokens, cached_tokens, restored_tokens, generated_tokens,"
          + " prompt_seconds, generate_seconds, tokens, structured, text";
  private static final String WHERE = " WHERE segment = ? AND position >= ? AND position < ?";

  private Entries() {}

  /**
   * An entry in the form in which it is stored, made before the database is locked.
   *
   * @param bytes what it counts for
   * @param digest SHA-256 of the text
   */
  record Encoded(
      EntryDraft draft, byte[] text, byte[] structured, byte[] tokens, long bytes, byte[] digest) {

    static Encoded of(EntryDraft draft) {
      byte[] text = draft.text().getBytes(StandardCharsets.UTF_8);
      byte[] structured = draft.structuredJson().getBytes(StandardCharsets.UTF_8);
      ByteBuffer tokens =
          ByteBuffer.allocate(Integer.BYTES * draft.tokens().size()).order(ByteOrder.LITTLE_ENDIAN);
      draft.tokens().forEach(tokens::putInt);
      return new Encoded(
          draft,
          text,
          structured,
          tokens.array(),
          (long) text.length + structured.length + tokens.capacity(),
          HexFormat.of().parseHex(EntryHead.digest(text)));
    }
  }

  /**
   * Writes one entry.
   *
   * @param total bytes of its context up to and with it
   */
  static void insert(SqlSession session, long segment, Entry entry, Encoded encoded, long total)
      throws SQLException {
    Usage usage = entry.usage();
    session.update(
        "INSERT INTO context_entries (segment, position, role, tool, model, fingerprint, created,"
            + " prompt_tokens, cached_tokens, restored_tokens, generated_tokens, prompt_seconds,"
            + " generate_seconds, bytes, total, digest, tokens, structured, text)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        segment,
        entry.index(),
        entry.role(),
        entry.tool(),
        entry.model().name(),
        entry.model().fingerprint(),
        Micros.of(entry.created()),
        usage.promptTokens(),
        usage.cachedTokens(),
        usage.restoredTokens(),
        usage.generatedTokens(),
        usage.promptSeconds(),
        usage.generateSeconds(),
        encoded.bytes(),
        total,
        encoded.digest(),
        encoded.tokens(),
        encoded.structured(),
        encoded.text());
  }

  /** Bytes of a context that ends before a position. */
  static long bytesBefore(SqlSession session, List<Segments.Piece> lastEntry) throws SQLException {
    if (lastEntry.isEmpty()) {
      return 0;
    }
    Segments.Piece piece = lastEntry.getLast();
    return session.number(
        "SELECT total FROM context_entries WHERE segment = ? AND position = ?",
        piece.segment(),
        piece.to() - 1);
  }

  /** What is known of a piece's entries. */
  static List<EntryHead> heads(SqlSession session, Segments.Piece piece) throws SQLException {
    return session.all(
        "SELECT " + HEAD + " FROM context_entries" + WHERE + " ORDER BY position",
        Entries::head,
        piece.segment(),
        piece.from(),
        piece.to());
  }

  private static EntryHead head(ResultSet row) throws SQLException {
    return new EntryHead(
        row.getInt(1),
        row.getString(2),
        row.getString(3),
        new ModelIdentity(row.getString(4), row.getString(5)),
        row.getLong(7),
        HexFormat.of().formatHex(row.getBytes(8)),
        Micros.toInstant(row.getLong(6)));
  }

  /**
   * The entries of a piece, from the cache as far as they are there.
   *
   * @throws StorageException if a text is not the one that was written
   */
  static List<Entry> read(SqlSession session, Segments.Piece piece, EntryCache cache)
      throws SQLException, StorageException {
    List<Entry> entries = new ArrayList<>();
    int at = piece.from();
    while (at < piece.to()) {
      Entry cached = cache.get(piece.segment(), at);
      if (cached != null) {
        entries.add(cached);
        at++;
        continue;
      }
      int end = at + 1;
      while (end < piece.to() && cache.get(piece.segment(), end) == null) {
        end++;
      }
      for (Stored stored :
          session.all(
              "SELECT " + WHOLE + " FROM context_entries" + WHERE + " ORDER BY position",
              Entries::entry,
              piece.segment(),
              at,
              end)) {
        entries.add(stored.checked());
        cache.put(piece.segment(), stored.entry(), stored.bytes());
      }
      at = end;
    }
    return entries;
  }

  private record Stored(Entry entry, long bytes, String digest, byte[] text) {
    Entry checked() throws StorageException {
      if (!EntryHead.digest(text).equals(digest)) {
        throw new StorageException(
            StorageException.Fault.DAMAGED,
            "entry %d, written at %s, is damaged: its text is not the one that was written"
                .formatted(entry.index(), entry.created()),
            null);
      }
      return entry;
    }
  }

  private static Stored entry(ResultSet row) throws SQLException {
    EntryHead head = head(row);
    byte[] text = row.getBytes(17);
    Entry entry =
        new Entry(
            head.index(),
            head.role(),
            head.tool(),
            head.model(),
            new String(text, StandardCharsets.UTF_8),
            new String(row.getBytes(16), StandardCharsets.UTF_8),
            tokens(row.getBytes(15)),
            new Usage(
                row.getInt(9),
                row.getInt(10),
                row.getInt(11),
                row.getInt(12),
                row.getDouble(13),
                row.getDouble(14)),
            head.created());
    return new Stored(entry, head.bytes(), head.textDigest(), text);
  }

  private static List<Integer> tokens(byte[] packed) {
    ByteBuffer buffer = ByteBuffer.wrap(packed).order(ByteOrder.LITTLE_ENDIAN);
    List<Integer> tokens = new ArrayList<>(packed.length / Integer.BYTES);
    while (buffer.hasRemaining()) {
      tokens.add(buffer.getInt());
    }
    return tokens;
  }
}
