package dev.qwenmcp.server.context;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToIntFunction;

/**
 * Entries that could not be written to a durable store and wait in memory until they can; not safe
 * for threads.
 */
final class UnsavedEntries {
  private final long capacity;
  private final Map<ContextId, Tail> tails = new LinkedHashMap<>();
  private long bytes;

  /**
   * @param capacity most bytes of entries that may wait
   */
  UnsavedEntries(long capacity) {
    this.capacity = capacity;
  }

  /**
   * What a context has beyond its durable entries.
   *
   * @param saved number of durable entries that come before
   */
  record Tail(ContextId id, String principal, int saved, List<Entry> entries) {
    int version() {
      return saved + entries.size();
    }

    long bytes() {
      return entries.stream().mapToLong(Entry::bytes).sum();
    }

    /** What is known of the context, these entries included. */
    ContextInfo behind(ContextInfo durable) {
      return new ContextInfo(
          durable.id(),
          durable.title(),
          durable.created(),
          durable.expires(),
          durable.pinned(),
          version(),
          durable.bytes() + bytes());
    }

    /** A part of the context's entries, of which those that are durable were read. */
    List<Entry> behind(List<Entry> durable, int from, int limit) {
      return join(durable, entries, Entry::index, from, limit);
    }

    /** The same for heads. */
    List<EntryHead> headsBehind(List<EntryHead> durable, int from, int limit) {
      List<EntryHead> waiting =
          entries.stream()
              .map(entry -> EntryHead.of(entry, EntryHead.digest(entry.text())))
              .toList();
      return join(durable, waiting, EntryHead::index, from, limit);
    }

    private static <T> List<T> join(
        List<T> durable, List<T> waiting, ToIntFunction<T> index, int from, int limit) {
      List<T> joined = new ArrayList<>(durable);
      waiting.stream().filter(item -> index.applyAsInt(item) >= from).forEach(joined::add);
      return List.copyOf(joined.subList(0, Math.min(limit, joined.size())));
    }
  }

  boolean isEmpty() {
    return tails.isEmpty();
  }

  List<Tail> all() {
    return List.copyOf(tails.values());
  }

  /** What waits for a context of a principal. */
  Optional<Tail> of(String principal, ContextId id) {
    return Optional.ofNullable(tails.get(id)).filter(tail -> tail.principal().equals(principal));
  }

  /** Whether there is room for more. */
  boolean hasRoom(long added) {
    return bytes + added <= capacity;
  }

  /** Adds entries behind a tail. */
  void add(Tail tail, List<Entry> entries) {
    remove(tail);
    List<Entry> longer = new ArrayList<>(tail.entries());
    longer.addAll(entries);
    Tail grown = new Tail(tail.id(), tail.principal(), tail.saved(), List.copyOf(longer));
    tails.put(grown.id(), grown);
    bytes += grown.bytes();
  }

  /** Forgets a tail: it has been written, or its context has gone. */
  void remove(Tail tail) {
    Tail removed = tails.remove(tail.id());
    if (removed != null) {
      bytes -= removed.bytes();
    }
  }
}
