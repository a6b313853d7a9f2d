package dev.qwenmcp.server.context;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** A context of an {@link InMemoryContextStore}, whose lock guards it. */
final class HeldContext {
  final ContextId id;
  final long number;
  final String principal;
  final String title;
  final Instant created;
  final List<Entry> entries = new ArrayList<>();
  final List<EntryHead> heads = new ArrayList<>();
  Instant expires;
  boolean pinned;
  long bytes;

  /** Null if it was not forked. */
  Lineage lineage;

  HeldContext(ContextId id, long number, String principal, String title, Instant created) {
    this.id = id;
    this.number = number;
    this.principal = principal;
    this.title = title;
    this.created = created;
  }

  void add(Entry entry, EntryHead head) {
    entries.add(entry);
    heads.add(head);
    bytes += head.bytes();
  }

  /**
   * Where a fork's entries come from.
   *
   * @param origin holds the last of them
   * @param shared how many they are
   * @param before where the origin's come from, null if it was not forked
   */
  record Lineage(ContextId origin, int shared, Lineage before) {

    /** Of a fork that begins with so many of a context's entries; null if with none. */
    static Lineage of(HeldContext forked, int shared) {
      ContextId origin = forked.id;
      Lineage before = forked.lineage;
      while (before != null && before.shared >= shared) {
        origin = before.origin;
        before = before.before;
      }
      return shared == 0 ? null : new Lineage(origin, shared, before);
    }
  }
}
