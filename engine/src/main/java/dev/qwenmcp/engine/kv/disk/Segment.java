package dev.qwenmcp.engine.kv.disk;

import dev.qwenmcp.engine.kv.PageEntry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What is known of a segment file; guarded by its {@link SegmentIndex}. */
final class Segment {
  private final Path path;
  private final List<PageEntry> entries = new ArrayList<>(); // null for a damaged record
  private long touched;

  Segment(Path path) {
    this.path = path;
  }

  Path path() {
    return path;
  }

  /** Records that were looked at, damaged ones included. */
  int records() {
    return entries.size();
  }

  /**
   * Takes the next record's entry.
   *
   * @param entry null for a damaged one
   */
  void add(PageEntry entry) {
    entries.add(entry);
  }

  List<PageEntry> entries() {
    return entries;
  }

  /** When the file was last marked as used, in milliseconds since 1970; 0 for never. */
  long touched() {
    return touched;
  }

  void touched(long now) {
    touched = now;
  }
}
