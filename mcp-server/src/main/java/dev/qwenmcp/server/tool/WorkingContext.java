package dev.qwenmcp.server.tool;

import dev.qwenmcp.server.context.ContextException;
import dev.qwenmcp.server.context.ContextId;
import dev.qwenmcp.server.context.ContextStore;
import dev.qwenmcp.server.context.Entry;
import dev.qwenmcp.server.context.EntryDraft;
import dev.qwenmcp.server.protocol.ToolContext;
import dev.qwenmcp.server.protocol.ToolException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The context that a call works in: the one it names, or a new one, opened when something is first
 * written so that a call that fails leaves none behind.
 */
final class WorkingContext {
  static final String ARGUMENT =
      "Context to work in, from context_open or any earlier result; left out, a new one is opened";
  static final String RESULT =
      "Handle of the context; pass it on to let the next call see this one";

  /** Entries of these kinds are somebody's words, which a tool can be asked to work on. */
  static final Set<String> TEXTS = Set.of(Roles.USER, Roles.DOCUMENT);

  private final ContextStore store;
  private final String principal;
  private ContextId id;

  private WorkingContext(ContextStore store, String principal, ContextId id) {
    this.store = store;
    this.principal = principal;
    this.id = id;
  }

  /**
   * Finds the named context and renews its lifetime.
   *
   * @param contextId null for a new one
   * @throws ToolException if it is unknown or has expired
   */
  static WorkingContext of(ContextStore store, ToolContext call, String contextId)
      throws ToolException {
    if (contextId == null) {
      return new WorkingContext(store, call.principal(), null);
    }
    ContextId id = new ContextId(contextId);
    try {
      store.info(call.principal(), id);
    } catch (ContextException e) {
      throw failure(e);
    }
    return new WorkingContext(store, call.principal(), id);
  }

  /** The handle, opening the context if that has not been done. */
  String id() throws ToolException {
    if (id == null) {
      try {
        id = store.open(principal, "").id();
      } catch (ContextException e) {
        throw failure(e);
      }
    }
    return id.value();
  }

  /** All entries, oldest first; none for a new context. */
  List<Entry> entries() throws ToolException {
    if (id == null) {
      return List.of();
    }
    try {
      return store.read(principal, id, 0, Integer.MAX_VALUE);
    } catch (ContextException e) {
      throw failure(e);
    }
  }

  /** The last entry with one of the roles. */
  Optional<Entry> last(Set<String> roles) throws ToolException {
    return entries().reversed().stream().filter(e -> roles.contains(e.role())).findFirst();
  }

  /**
   * Whether the text need not be written down again: a document that the context has, or a message
   * that has not been answered yet.
   */
  boolean holds(String role, String text) throws ToolException {
    for (Entry entry : entries().reversed()) {
      if (entry.role().equals(Roles.ASSISTANT) && role.equals(Roles.USER)) {
        return false;
      }
      if (entry.role().equals(role) && entry.text().equals(text)) {
        return true;
      }
    }
    return false;
  }

  /** Whether a message waits for an answer. */
  boolean asked() throws ToolException {
    return last(Set.of(Roles.USER, Roles.ASSISTANT))
        .filter(entry -> entry.role().equals(Roles.USER))
        .isPresent();
  }

  /** Writes entries, all or none. */
  List<Entry> append(List<EntryDraft> entries) throws ToolException {
    id();
    try {
      return store.append(principal, id, entries);
    } catch (ContextException e) {
      throw failure(e);
    }
  }

  /** A context's failure in the terms of tools. */
  static ToolException failure(ContextException e) {
    return new ToolException(
        switch (e.kind()) {
          case UNKNOWN -> "unknown_context";
          case EXPIRED -> "expired_context";
          case CLOSED -> "closed_context";
          case CONFLICT -> "context_conflict";
          case QUOTA -> "context_full";
          case STORAGE -> "storage_failed";
        },
        e.getMessage());
  }
}
