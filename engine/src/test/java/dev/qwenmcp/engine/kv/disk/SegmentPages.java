package dev.qwenmcp.engine.kv.disk;

import dev.qwenmcp.engine.kv.KvLayout;
import dev.qwenmcp.engine.kv.KvType;
import dev.qwenmcp.engine.kv.PageEntry;
import dev.qwenmcp.engine.kv.PageKey;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Chains of pages with content that follows from their keys. */
final class SegmentPages {
  static final KvLayout LAYOUT = new KvLayout(KvType.Q8_0, 1, 1, 32); // 4352 bytes a page
  static final PageKey ROOT = new PageKey(1, 2, 3, 4);
  static final SegmentHeader HEADER = new SegmentHeader(ROOT, LAYOUT);

  private SegmentPages() {}

  /** Pages of one sequence. */
  static List<PageEntry> chain(long seed, int length) {
    Random random = new Random(seed);
    List<PageEntry> entries = new ArrayList<>();
    PageKey parent = ROOT;
    for (int i = 0; i < length; i++) {
      entries.add(PageEntry.of(parent, i, random.ints(64, 0, 1000).toArray()));
      parent = entries.getLast().key();
    }
    return entries;
  }

  static MemorySegment content(PageEntry entry) {
    MemorySegment page = Arena.ofAuto().allocate(LAYOUT.pageBytes(), 64);
    Random random = new Random(entry.key().a());
    for (long i = 0; i < LAYOUT.pageBytes() / 8; i++) {
      page.setAtIndex(ValueLayout.JAVA_LONG, i, random.nextLong());
    }
    return page;
  }

  static boolean holds(MemorySegment page, PageEntry entry) {
    return page.mismatch(content(entry)) < 0;
  }

  static MemorySegment empty() {
    return Arena.ofAuto().allocate(LAYOUT.pageBytes(), 64);
  }
}
