package dev.qwenmcp.server.tool;

import dev.qwenmcp.server.context.ContextInfo;
import dev.qwenmcp.server.protocol.Doc;

/** A context as lists show it. */
public record ContextView(
    @Doc("Its handle") String contextId,
    @Doc("Its title, possibly empty") String title,
    @Doc("When it was opened, ISO 8601") String created,
    @Doc(
            value = "When it goes unless a call uses it before, ISO 8601; left out while pinned",
            optional = true)
        String expires,
    @Doc("Whether it stays until it is closed or unpinned") boolean pinned,
    @Doc("Number of entries, which is its version") int entries,
    @Doc("Bytes of its entries") long bytes) {

  static ContextView of(ContextInfo info) {
    return new ContextView(
        info.id().value(),
        info.title(),
        info.created().toString(),
        expires(info),
        info.pinned(),
        info.entries(),
        info.bytes());
  }

  /** When it goes, null if it is pinned. */
  static String expires(ContextInfo info) {
    return info.pinned() ? null : info.expires().toString();
  }
}
