package dev.qwenmcp.server.context.sql;

import dev.qwenmcp.server.context.ContextChange;
import dev.qwenmcp.server.context.ContextException;
import dev.qwenmcp.server.context.ContextId;
import dev.qwenmcp.server.context.ContextLimits;
import dev.qwenmcp.server.context.Entry;
import dev.qwenmcp.server.context.EntryDraft;
import dev.qwenmcp.server.context.StorageException;
import dev.qwenmcp.server.context.VersionConflictException;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** Writes entries to the ends of contexts, in transactions of somebody else's. */
final class Appending {
  private final Database database;
  private final ContextLimits limits;
  private final OpenContexts contexts;
  private final TextUpkeep texts;

  Appending(Database database, ContextLimits limits, OpenContexts contexts, TextUpkeep texts) {
    this.database = database;
    this.limits = limits;
    this.contexts = contexts;
    this.texts = texts;
  }

  /**
   * What is to be written, all or none.
   *
   * @param expected number of entries that the context must have
   */
  record Request(
      String principal, ContextId id, List<Entries.Encoded> drafts, OptionalInt expected) {
    long bytes() {
      return drafts.stream().mapToLong(Entries.Encoded::bytes).sum();
    }
  }

  /** What an append left behind. */
  record Appended(long segment, List<Entry> entries) {}

  /**
   * Encodes entries, and writes large texts to their files.
   *
   * @throws StorageException if one of them cannot be written
   */
  List<Entries.Encoded> encode(List<EntryDraft> drafts) throws ContextException {
    List<Entries.Encoded> encoded = new ArrayList<>();
    try {
      for (EntryDraft draft : drafts) {
        encoded.add(Entries.Encoded.of(draft, limits, database.textFiles()));
      }
      return encoded;
    } catch (IOException e) {
      discard(encoded);
      throw database.failure(e);
    } catch (ContextException e) {
      discard(encoded);
      throw e;
    }
  }

  /** Lets the files of entries go that were not written, or of which that is not known. */
  void discard(List<Entries.Encoded> encoded) {
    for (Entries.Encoded one : encoded) {
      if (!one.textFile().isEmpty()) {
        texts.doubt(one.textFile());
      }
    }
  }

  /**
   * Writes entries.
   *
   * @throws VersionConflictException if the context has another number of entries than expected
   */
  Appended append(SqlSession session, Request what, long now)
      throws SQLException, ContextException {
    ContextRow row =
        contexts.find(session, what.principal(), what.id(), now, database.dialect().forUpdate());
    long expires = contexts.renew(row, now);
    int from = row.entries();
    if (what.expected().isPresent() && what.expected().getAsInt() != from) {
      throw new VersionConflictException(what.id(), what.expected().getAsInt(), from);
    }
    int version = from + what.drafts().size();
    limits.requireContext(
        row.handle(), from + (long) what.drafts().size(), row.bytes() + what.bytes());
    List<Entry> entries = new ArrayList<>();
    long total = row.bytes();
    for (Entries.Encoded draft : what.drafts()) {
      if (!draft.textFile().isEmpty()) {
        TextUpkeep.requireThere(database.textFiles().orElseThrow(), draft.textFile());
      }
      Entry entry =
          Entry.of(from + entries.size(), draft.draft(), draft.bytes(), Micros.toInstant(now));
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
}
