package dev.qwenmcp.server.context;

import java.util.List;
import java.util.OptionalInt;

/**
 * What passes between tool calls; safe for many threads.
 *
 * <p>A context belongs to the principal that opened it; to everybody else its handle is unknown.
 * Every use of a context renews its lifetime. A store that is durable has written to disk what a
 * method that changes something returns.
 */
public interface ContextStore extends AutoCloseable {

  /** Begins to get ready for the first use, which comes soon; returns at once. */
  default void prepare() {
    // Most are ready.
  }

  /** How long after its last use a context goes, in words: {@code 24 h}. */
  String lifetimeInWords();

  /** Where contexts are kept at the moment. */
  StorageState storage();

  /** Where a context is kept, which may be elsewhere than where new ones are. */
  default StorageState storage(String principal, ContextId id) {
    return storage();
  }

  /** Opens an empty context. */
  ContextInfo open(String principal, String title) throws ContextException;

  /** Describes a context and renews its lifetime. */
  ContextInfo info(String principal, ContextId id) throws ContextException;

  /** Appends entries in order, all or none. */
  default List<Entry> append(String principal, ContextId id, List<EntryDraft> entries)
      throws ContextException {
    return append(principal, id, entries, OptionalInt.empty());
  }

  /**
   * Appends entries in order, all or none, and none if somebody else has appended meanwhile.
   *
   * @param expectedVersion number of entries that the context must have
   * @throws VersionConflictException if it has another
   */
  List<Entry> append(
      String principal, ContextId id, List<EntryDraft> entries, OptionalInt expectedVersion)
      throws ContextException;

  /** Entries from {@code from}, at most {@code limit}. */
  List<Entry> read(String principal, ContextId id, int from, int limit) throws ContextException;

  /** The same without their content. */
  List<EntryHead> heads(String principal, ContextId id, int from, int limit)
      throws ContextException;

  /**
   * A new context that begins with another's entries, which both share.
   *
   * @param version number of entries to begin with, all if empty
   * @param title of the new context
   * @throws VersionConflictException if there are fewer
   */
  ContextInfo fork(String principal, ContextId id, OptionalInt version, String title)
      throws ContextException;

  /** Lets a context stay beyond its lifetime, or no longer. */
  ContextInfo pin(String principal, ContextId id, boolean pinned) throws ContextException;

  /** A principal's contexts; renews none of them. */
  ContextPage list(String principal, ContextQuery query) throws ContextException;

  /** Which of a principal's contexts share entries, as far as both are there; renews none. */
  List<ContextFork> forks(String principal) throws ContextException;

  /**
   * Ends a context and gives its space back; forks of it stay.
   *
   * @return what it was
   */
  ContextInfo end(String principal, ContextId id) throws ContextException;

  /** Contexts that are open, of all principals: for those who run the server. */
  long count() throws ContextException;

  /** Number of the last change. */
  long lastChange() throws ContextException;

  /**
   * Hears of every change after the given one, of all principals, by whatever process.
   *
   * @param after number of a change, such as {@link #lastChange()}
   */
  ContextWatch watch(long after, ContextListener listener);

  @Override
  void close();
}
