package dev.qwenmcp.server.transport;

/**
 * Whether whoever opened a stream may still hear what comes: credentials end while streams are
 * open.
 */
@FunctionalInterface
public interface Admission {
  /**
   * Name of the HTTP request's attribute in which whatever checks credentials leaves this; {@link
   * #ALWAYS} where there is none.
   */
  String ATTRIBUTE = "dev.qwenmcp.admission";

  /** Of servers that ask for no credentials. */
  Admission ALWAYS = () -> true;

  /** Whether it still holds; may be asked before each thing that is said. */
  boolean holds();
}
