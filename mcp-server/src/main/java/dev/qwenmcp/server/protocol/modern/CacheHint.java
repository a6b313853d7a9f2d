package dev.qwenmcp.server.protocol.modern;

import java.time.Duration;
import tools.jackson.databind.node.ObjectNode;

/** How long a client may keep a result, and for whom. */
enum CacheHint {
  /** What is fixed while the server runs and the same for everybody. */
  FIXED(Duration.ofHours(1), "public"),

  /** What the user of this machine may change at any time. */
  CHANGEABLE(Duration.ofSeconds(10), "private"),

  /** What belongs to a principal and changes with its calls. */
  PRIVATE(Duration.ZERO, "private");

  private final Duration fresh;
  private final String scope;

  CacheHint(Duration fresh, String scope) {
    this.fresh = fresh;
    this.scope = scope;
  }

  /** Adds the hint to a result. */
  ObjectNode on(ObjectNode result) {
    return result.put("ttlMs", fresh.toMillis()).put("cacheScope", scope);
  }
}
