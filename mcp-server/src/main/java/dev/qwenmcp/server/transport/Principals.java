package dev.qwenmcp.server.transport;

/** Who a client may be. */
public final class Principals {
  /** The one user of a server that asks nobody who they are. */
  public static final String LOCAL = "local";

  /**
   * Name of the HTTP request's attribute in which whatever checks credentials leaves the principal,
   * a string; {@link #LOCAL} where there is none.
   */
  public static final String ATTRIBUTE = "dev.qwenmcp.principal";

  private Principals() {}
}
