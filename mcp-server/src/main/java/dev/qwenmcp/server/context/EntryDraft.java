package dev.qwenmcp.server.context;

import dev.qwenmcp.engine.Usage;
import java.util.List;

/** An {@link Entry} before the store gives it an index and a time. */
public record EntryDraft(
    String role,
    String tool,
    ModelIdentity model,
    String text,
    String structuredJson,
    List<Integer> tokens,
    Usage usage) {
  public EntryDraft {
    tokens = List.copyOf(tokens);
  }

  /** Plain text without a model. */
  public static EntryDraft text(String role, String tool, String text) {
    return new EntryDraft(role, tool, ModelIdentity.NONE, text, "", List.of(), Usage.NONE);
  }
}
