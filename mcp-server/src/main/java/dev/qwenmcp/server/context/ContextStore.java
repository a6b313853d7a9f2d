package dev.qwenmcp.server.context;

import java.util.List;

/**
 * What passes between tool calls; safe for many threads.
 *
 * <p>A context belongs to the principal that opened it; to everybody else its handle is unknown.
 */
public interface ContextStore extends AutoCloseable {

  /** How long after its last use a context goes, in words: {@code 24 h}. */
  String lifetimeInWords();

  /** Opens an empty context. */
  ContextInfo open(String principal, String title) throws ContextException;

  /** Describes a context and renews its lifetime. */
  ContextInfo info(String principal, ContextId id) throws ContextException;

  /** Appends entries in order, all or none. */
  List<Entry> append(String principal, ContextId id, List<EntryDraft> entries)
      throws ContextException;

  /** Entries from {@code from}, at most {@code limit}. */
  List<Entry> read(String principal, ContextId id, int from, int limit) throws ContextException;

  @Override
  void close();
}
