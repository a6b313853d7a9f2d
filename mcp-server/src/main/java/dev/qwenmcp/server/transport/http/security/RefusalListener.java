package dev.qwenmcp.server.transport.http.security;

/** Hears of requests that were refused; must not wait. */
@FunctionalInterface
public interface RefusalListener {
  /** Does not care. */
  RefusalListener NONE = (refusal, principal, address) -> {};

  /**
   * @param principal who asked, empty if nobody knows
   * @param address where from
   */
  void refused(Refusal refusal, String principal, String address);
}
