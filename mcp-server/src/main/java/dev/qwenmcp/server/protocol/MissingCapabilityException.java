package dev.qwenmcp.server.protocol;

/** A call needs something of its client that the client has not declared. */
public final class MissingCapabilityException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String capability;

  /**
   * @param capability such as {@code elicitation}
   */
  public MissingCapabilityException(String capability) {
    super("the call needs a client with the capability " + capability, null, false, false);
    this.capability = capability;
  }

  public String capability() {
    return capability;
  }
}
