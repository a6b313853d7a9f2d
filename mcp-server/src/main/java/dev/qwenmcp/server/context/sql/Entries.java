package dev.qwenmcp.server.context.sql;

import dev.qwenmcp.engine.Usage;
import dev.qwenmcp.server.context.ContextException;
import dev.qwenmcp.server.context.ContextLimits;
import dev.qwenmcp.server.context.Entry;
import dev.qwenmcp.server.context.EntryDraft;
import dev.qwenmcp.server.context.EntryHead;
import dev.qwenmcp.server.context.ModelIdentity;
import dev.qwenmcp.server.context.StorageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** The table of entries. */
final class Entries {
  private static final String HEAD =
      "position, role, tool, model, fingerprint, created, bytes, digest";
  private static final String WHOLE =
      HEAD
          + ", prompt_tokens, cached_tokens, restored_tokens, generated_tokens,"
          + " prompt_seconds, generate_seconds, tokens, structured, text, text_file";
  private static final String WHERE = " WHERE segment = ? AND position >= ? AND position < ?";

  private Entries() {}

  /**
   * An entry in the form in which it is stored, made before the database is locked.
   *
   * @param text in UTF-8, empty if it is in a file
   * @param textFile name of that file, empty if there is none
   * @param bytes what it counts for
   * @param digest SHA-256 of the text
   */
  record Encoded(
      EntryDraft draft,
      byte[] text,
      String textFile,
      byte[] structured,
      byte[] tokens,
      long bytes,
      byte[] digest) {

    /**
     * Encodes a draft, and writes its text to a file if it is large.
     *
     * @throws ContextException if it is larger than entries may be; nothing was written then
     */
    static Encoded of(EntryDraft draft, ContextLimits limits, Optional<TextFiles> files)
        throws IOException, ContextException {
      byte[] text = draft.text().getBytes(StandardCharsets.UTF_8);
      byte[] structured = draft.structuredJson().getBytes(StandardCharsets.UTF_8);
      ByteBuffer tokens =
          ByteBuffer.allocate(Integer.BYTES * draft.tokens().size()).order(ByteOrder.LITTLE_ENDIAN);
      draft.tokens().forEach(tokens::putInt);
      long bytes = (long) text.length + structured.length + tokens.capacity();
      limits.requireEntry(bytes);
      if (files.isEmpty() || text.length < TextFiles.LEAST_BYTES) {
        return new Encoded(draft, text, "", structured, tokens.array(), bytes, digest(text));
      }
      // The disk takes about as long as the digest.
      CompletableFuture<byte[]> digest =
          CompletableFuture.supplyAsync(() -> digest(text), Thread::startVirtualThread);
      String file = files.get().write(text);
      return new Encoded(
          draft, new byte[0], file, structured, tokens.array(), bytes, digest.join());
    }

    private static byte[] digest(byte[] text) {
      return HexFormat.of().parseHex(EntryHead.digest(text));
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
            + " generate_seconds, bytes, total, digest, tokens, structured, text,"
            + " text_file)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
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
        encoded.text(),
        encoded.textFile());
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
   * @param files where large texts are
   * @throws StorageException if a text is not the one that was written
   */
  static List<Entry> read(
      SqlSession session, Segments.Piece piece, EntryCache cache, Optional<TextFiles> files)
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
        Entry entry = stored.entry(files);
        entries.add(entry);
        cache.put(piece.segment(), entry, stored.head().bytes());
      }
      at = end;
    }
    return entries;
  }

  /** A row of the table; its text may be in a file. */
  private record Stored(
      EntryHead head, byte[] text, String textFile, String structured, byte[] tokens, Usage usage) {
    Entry entry(Optional<TextFiles> files) throws StorageException {
      byte[] whole = textFile.isEmpty() ? text : fromFile(files);
      if (!EntryHead.digest(whole).equals(head.textDigest())) {
        throw damaged("its text is not the one that was written", null);
      }
      return new Entry(
          head.index(),
          head.role(),
          head.tool(),
          head.model(),
          new String(whole, StandardCharsets.UTF_8),
          structured,
          Entries.tokens(tokens),
          usage,
          head.bytes(),
          head.created());
    }

    private byte[] fromFile(Optional<TextFiles> files) throws StorageException {
      try {
        return files.orElseThrow().read(textFile, head.bytes());
      } catch (IOException e) {
        throw damaged("the file with its text cannot be read, " + e, e);
      }
    }

    private StorageException damaged(String how, IOException cause) {
      return new StorageException(
          StorageException.Fault.DAMAGED,
          "entry %d, written at %s, is damaged: %s".formatted(head.index(), head.created(), how),
          cause);
    }
  }

  private static Stored entry(ResultSet row) throws SQLException {
    return new Stored(
        head(row),
        row.getBytes(17),
        row.getString(18),
        new String(row.getBytes(16), StandardCharsets.UTF_8),
        row.getBytes(15),
        new Usage(
            row.getInt(9),
            row.getInt(10),
            row.getInt(11),
            row.getInt(12),
            row.getDouble(13),
            row.getDouble(14)));
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
