package dev.qwenmcp.engine.kv.disk;

import dev.qwenmcp.engine.kv.PageEntry;
import dev.qwenmcp.engine.kv.PageKey;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Which pages are on disk and where; in memory, safe for many threads, never waits for a disk. */
final class SegmentIndex {

  /**
   * A place of a page.
   *
   * @param segment its file
   * @param record its number in there
   * @param other a further place of the same page, or null
   */
  record Place(Segment segment, int record, Place other) {
    Place without(Segment gone) {
      Place rest = other == null ? null : other.without(gone);
      return segment == gone ? rest : new Place(segment, record, rest);
    }

    Place without(Segment file, int number) {
      Place rest = other == null ? null : other.without(file, number);
      return segment == file && record == number ? rest : new Place(segment, record, rest);
    }
  }

  private final Map<PageKey, Place> places = new HashMap<>();

  /** The pages after a page, in order of their ids. */
  private final Map<PageKey, TreeMap<int[], PageEntry>> children = new HashMap<>();

  /**
   * Notes the next record of a segment.
   *
   * @param entry null for a damaged one
   */
  synchronized void add(Segment segment, PageEntry entry) {
    segment.add(entry);
    if (entry != null) {
      Place before = places.get(entry.key());
      places.put(entry.key(), new Place(segment, segment.records() - 1, before));
      children
          .computeIfAbsent(entry.parent(), _ -> new TreeMap<>(Arrays::compare))
          .putIfAbsent(entry.tokens(), entry);
    }
  }

  /** Forgets one record. */
  synchronized void remove(PageEntry entry, Segment segment, int record) {
    Place place = places.get(entry.key());
    if (place != null) {
      keep(entry, place.without(segment, record));
    }
  }

  /** Forgets all of a segment. */
  synchronized void remove(Segment segment) {
    for (PageEntry entry : segment.entries()) {
      Place place = entry == null ? null : places.get(entry.key());
      if (place != null) {
        keep(entry, place.without(segment));
      }
    }
  }

  private void keep(PageEntry entry, Place rest) {
    if (rest != null) {
      places.put(entry.key(), rest);
      return;
    }
    places.remove(entry.key());
    TreeMap<int[], PageEntry> siblings = children.get(entry.parent());
    if (siblings != null) {
      siblings.remove(entry.tokens());
      if (siblings.isEmpty()) {
        children.remove(entry.parent());
      }
    }
  }

  synchronized Place place(PageKey key) {
    return places.get(key);
  }

  /** The page after {@code parent} with the longest common beginning, if any id is common. */
  synchronized Optional<PageEntry> nearest(PageKey parent, int[] tokens) {
    TreeMap<int[], PageEntry> siblings = children.get(parent);
    if (siblings == null) {
      return Optional.empty();
    }
    PageEntry best = null;
    int longest = 0;
    // In lexicographic order, whoever shares the longest beginning stands next to the query.
    for (var candidate :
        Arrays.asList(siblings.floorEntry(tokens), siblings.ceilingEntry(tokens))) {
      int common = candidate == null ? 0 : common(candidate.getKey(), tokens);
      if (common > longest) {
        longest = common;
        best = candidate.getValue();
      }
    }
    return Optional.ofNullable(best);
  }

  static int common(int[] a, int[] b) {
    int mismatch = Arrays.mismatch(a, b);
    return mismatch < 0 ? Math.min(a.length, b.length) : mismatch;
  }

  synchronized int pages() {
    return places.size();
  }
}
