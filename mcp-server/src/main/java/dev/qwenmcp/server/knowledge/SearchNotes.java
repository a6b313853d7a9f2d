package dev.qwenmcp.server.knowledge;

import java.util.ArrayList;
import java.util.List;

/** What the caller of a search should know about it; for one thread. */
final class SearchNotes {
  private final List<String> notes = new ArrayList<>();

  void add(String note) {
    if (!notes.contains(note)) {
      notes.add(note);
    }
  }

  List<String> all() {
    return List.copyOf(notes);
  }
}
