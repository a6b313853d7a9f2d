package dev.qwenmcp.engine.kv;

import java.util.Objects;

/**
 * Who may share pages: sequences of one scope find each other's, sequences of different scopes
 * never do, not even by the time that a prompt takes.
 *
 * @param salt name of the tenant; secret where tenants must not guess each other's
 */
public record CacheScope(String salt) {
  /** All programs of one user on one machine. */
  public static final CacheScope LOCAL = new CacheScope("");

  public CacheScope {
    Objects.requireNonNull(salt, "salt");
  }

  /** Says nothing about the salt. */
  @Override
  public String toString() {
    return salt.isEmpty() ? "CacheScope[local]" : "CacheScope[salted]";
  }
}
