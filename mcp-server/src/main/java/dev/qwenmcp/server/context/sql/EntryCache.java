package dev.qwenmcp.server.context.sql;

import dev.qwenmcp.server.context.Entry;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Entries that were read or written lately. They never change and segments' numbers never come
 * again, so what is here is true for as long as its context lives.
 */
final class EntryCache {
  /** What an entry takes besides its content, roughly. */
  private static final int OVERHEAD_BYTES = 256;

  private record Key(long segment, int position) {}

  private record Cached(Entry entry, long bytes) {}

  private final long capacity;
  private final Map<Key, Cached> entries = new LinkedHashMap<>(16, 0.75f, true);
  private long bytes;

  /**
   * @param capacity most bytes of entries
   */
  EntryCache(long capacity) {
    this.capacity = capacity;
  }

  /** The entry, or null. */
  synchronized Entry get(long segment, int position) {
    Cached cached = entries.get(new Key(segment, position));
    return cached == null ? null : cached.entry();
  }

  synchronized void put(long segment, Entry entry, long size) {
    Cached cached = new Cached(entry, size + OVERHEAD_BYTES);
    if (cached.bytes() > capacity / 4) {
      return;
    }
    Cached before = entries.put(new Key(segment, entry.index()), cached);
    bytes += cached.bytes() - (before == null ? 0 : before.bytes());
    var oldest = entries.values().iterator();
    while (bytes > capacity) {
      bytes -= oldest.next().bytes();
      oldest.remove();
    }
  }
}
