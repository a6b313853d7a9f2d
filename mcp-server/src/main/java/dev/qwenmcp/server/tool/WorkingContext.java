package dev.qwenmcp.server.tool;

import dev.qwenmcp.server.context.ContextException;
import dev.qwenmcp.server.context.ContextId;
import dev.qwenmcp.server.context.ContextInfo;
import dev.qwenmcp.server.context.ContextStore;
import dev.qwenmcp.server.context.Entry;
import dev.qwenmcp.server.context.EntryDraft;
import dev.qwenmcp.server.context.EntryHead;
import dev.qwenmcp.server.context.StorageException;
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

  /** Heads looked at together on the way back from a context's end. */
  private static final int STEP = 64;

  private final ContextStore store;
  private final ToolContext call;
  private ContextId id;

  /** Number of entries when this call last looked. */
  private int size;

  private WorkingContext(ContextStore store, ToolContext call, ContextInfo info) {
    this.store = store;
    this.call = call;
    if (info != null) {
      this.id = info.id();
      this.size = info.entries();
    }
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
      return new WorkingContext(store, call, null);
    }
    try {
      return new WorkingContext(
          store, call, store.info(call.principal(), new ContextId(contextId)));
    } catch (ContextException e) {
      throw failure(e);
    }
  }

  /** The handle, opening the context if that has not been done. */
  String id() throws ToolException {
    if (id == null) {
      try {
        id = store.open(call.principal(), "").id();
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
      return store.read(call.principal(), id, 0, Integer.MAX_VALUE);
    } catch (ContextException e) {
      throw failure(e);
    }
  }

  /** Looks at an entry, and says whether it is the one. */
  private interface Choice {
    boolean take(EntryHead head);
  }

  /**
   * Looks for an entry from the end backwards, reading no texts: a context may hold megabytes that
   * the call does not need.
   */
  private Optional<EntryHead> lastHead(Choice choice) throws ToolException {
    try {
      for (int end = id == null ? 0 : size; end > 0; end -= STEP) {
        int from = Math.max(0, end - STEP);
        for (EntryHead head : store.heads(call.principal(), id, from, end - from).reversed()) {
          if (choice.take(head)) {
            return Optional.of(head);
          }
        }
      }
      return Optional.empty();
    } catch (ContextException e) {
      throw failure(e);
    }
  }

  /** The last entry with one of the roles. */
  Optional<Entry> last(Set<String> roles) throws ToolException {
    Optional<EntryHead> head = lastHead(candidate -> roles.contains(candidate.role()));
    if (head.isEmpty()) {
      return Optional.empty();
    }
    try {
      return store.read(call.principal(), id, head.get().index(), 1).stream().findFirst();
    } catch (ContextException e) {
      throw failure(e);
    }
  }

  /**
   * Whether the text need not be written down again: a document that the context has, or a message
   * that has not been answered yet.
   */
  boolean holds(String role, String text) throws ToolException {
    if (id == null || size == 0) {
      return false;
    }
    String digest = EntryHead.digest(text);
    boolean endsWithAnswer = role.equals(Roles.USER);
    return lastHead(head ->
            endsWithAnswer && head.role().equals(Roles.ASSISTANT)
                || head.role().equals(role) && head.textDigest().equals(digest))
        .filter(head -> head.role().equals(role))
        .isPresent();
  }

  /**
   * The model to use: the one that the call names, else the one last chosen for this context, else
   * null for the default.
   *
   * @param argument null if the call names none
   */
  String model(String argument) throws ToolException {
    if (argument != null) {
      return argument;
    }
    return last(Set.of(Roles.MODEL)).map(Entry::text).orElse(null);
  }

  /** The handle if there is one yet. */
  Optional<String> known() {
    return Optional.ofNullable(id).map(ContextId::value);
  }

  /** Whether a message waits for an answer. */
  boolean asked() throws ToolException {
    Set<String> either = Set.of(Roles.USER, Roles.ASSISTANT);
    return lastHead(head -> either.contains(head.role()))
        .filter(head -> head.role().equals(Roles.USER))
        .isPresent();
  }

  /** Writes entries, all or none; where they are not on disk the result says so. */
  List<Entry> append(List<EntryDraft> entries) throws ToolException {
    id();
    try {
      List<Entry> appended = store.append(call.principal(), id, entries);
      remarkOnStorage(store, call);
      return appended;
    } catch (ContextException e) {
      throw failure(e);
    }
  }

  /** Says in the result that what was written is in memory only, and why. */
  static void remarkOnStorage(ContextStore store, ToolContext call) {
    String trouble = store.storage().trouble();
    if (!trouble.isEmpty()) {
      call.remark(trouble);
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
          case STORAGE -> storageCode(((StorageException) e).fault());
        },
        e.getMessage());
  }

  private static String storageCode(StorageException.Fault fault) {
    return switch (fault) {
      case FULL -> "storage_full";
      case READ_ONLY -> "storage_read_only";
      case BUSY -> "storage_busy";
      case IO, DAMAGED, UNREACHABLE, NEWER -> "storage_failed";
    };
  }
}
