package dev.qwenmcp.server.context.sql;

import dev.qwenmcp.server.context.ContextChange;
import dev.qwenmcp.server.context.ContextException;
import dev.qwenmcp.server.context.ContextId;
import dev.qwenmcp.server.context.ContextLimits;
import dev.qwenmcp.server.context.Entry;
import dev.qwenmcp.server.context.VersionConflictException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** Writes entries to the ends of contexts, in transactions of somebody else's. */
final class Appending {
  private final Database database;
  private final ContextLimits limits;
  private final OpenContexts contexts;

  Appending(Database database, ContextLimits limits, OpenContexts contexts) {
    this.database = database;
    this.limits = limits;
    this.contexts = contexts;
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
}
