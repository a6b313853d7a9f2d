package dev.qwenmcp.server.transport.http.security;

/** What came of checking a bearer token. */
public sealed interface TokenCheck {

  /** It is good. */
  record Accepted(Identity identity) implements TokenCheck {}

  /**
   * It is not.
   *
   * @param reason for the server's log alone
   */
  record Rejected(String reason) implements TokenCheck {}

  /**
   * It is good for less than is needed.
   *
   * @param scope what is missing
   */
  record TooNarrow(String scope) implements TokenCheck {}

  /**
   * Nobody can tell at the moment.
   *
   * @param reason for the server's log alone
   */
  record Unavailable(String reason) implements TokenCheck {}
}
