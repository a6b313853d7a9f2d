package dev.qwenmcp.server.knowledge;

import java.util.Map;

/**
 * A document as it is given.
 *
 * @param id its name within its collection
 * @param title possibly empty
 * @param text what is searched, together with the title
 * @param metadata what searches can be narrowed by
 */
public record SourceDocument(String id, String title, String text, Map<String, String> metadata) {
  public SourceDocument(String id, String title, String text) {
    this(id, title, text, Map.of());
  }

  /** UTF-16 units of title and text. */
  long characters() {
    return (long) title.length() + text.length();
  }
}
