package dev.qwenmcp.server.transport.http.security;

/** Tells whose a bearer token is; safe for many threads. */
public interface TokenVerifier {

  /** Whether a token looks like one of this kind, so that no other verifier need be asked. */
  boolean recognises(String token);

  /** Checks one that looks so. */
  TokenCheck check(String token);
}
