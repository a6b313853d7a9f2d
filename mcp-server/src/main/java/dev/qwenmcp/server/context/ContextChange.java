package dev.qwenmcp.server.context;

import java.time.Instant;

/**
 * Something that happened to a context.
 *
 * @param number rises by one with every change of a store, in the order in which they took effect
 * @param context its handle
 * @param principal whose it is
 * @param kind what happened
 * @param first index of the first entry that is new, equal to the version if none is
 * @param version number of entries afterwards
 * @param at when
 */
public record ContextChange(
    long number,
    ContextId context,
    String principal,
    Kind kind,
    int first,
    int version,
    Instant at) {

  /** What can happen to a context. Stored by position: only add at the end. */
  public enum Kind {
    OPENED,
    APPENDED,
    PINNED,
    CLOSED,
    EXPIRED
  }
}
