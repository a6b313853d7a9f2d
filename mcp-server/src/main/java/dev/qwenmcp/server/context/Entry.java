package dev.qwenmcp.server.context;

import dev.qwenmcp.engine.Usage;
import java.time.Instant;
import java.util.List;

/**
 * One thing that a context holds; never changes once appended.
 *
 * @param index position in its context, from 0
 * @param role {@code document}, {@code user}, {@code assistant}, {@code passages}, {@code result}
 * @param tool the tool that wrote it
 * @param model the model that produced it, {@link ModelIdentity#NONE} if none
 * @param text readable content
 * @param structuredJson structured content as JSON text, empty if none
 * @param tokens ids that the model produced, so that they are never rendered again; empty if none
 * @param usage what producing it cost
 * @param bytes what it counts for, see {@link EntrySize}
 * @param created when it was written
 */
public record Entry(
    int index,
    String role,
    String tool,
    ModelIdentity model,
    String text,
    String structuredJson,
    List<Integer> tokens,
    Usage usage,
    long bytes,
    Instant created) {
  public Entry {
    tokens = List.copyOf(tokens);
  }

  /** An entry from what was to be written. */
  public static Entry of(int index, EntryDraft draft, Instant created) {
    return of(index, draft, EntrySize.of(draft), created);
  }

  /**
   * An entry from what was to be written.
   *
   * @param bytes its size, where that is known: counting takes as long as copying
   */
  public static Entry of(int index, EntryDraft draft, long bytes, Instant created) {
    return new Entry(
        index,
        draft.role(),
        draft.tool(),
        draft.model(),
        draft.text(),
        draft.structuredJson(),
        draft.tokens(),
        draft.usage(),
        bytes,
        created);
  }

  /** The same content, to be written elsewhere. */
  public EntryDraft draft() {
    return new EntryDraft(role, tool, model, text, structuredJson, tokens, usage);
  }
}
