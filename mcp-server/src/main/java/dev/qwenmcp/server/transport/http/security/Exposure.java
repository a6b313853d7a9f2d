package dev.qwenmcp.server.transport.http.security;

import java.util.Optional;

/**
 * Who can reach a server, and what it asks of them.
 *
 * @param loopback whether this machine alone reaches it
 * @param authenticated whether it asks for tokens
 * @param encrypted whether it speaks TLS
 * @param openOnPurpose whether somebody said that it shall ask nobody who he is
 */
public record Exposure(
    boolean loopback, boolean authenticated, boolean encrypted, boolean openOnPurpose) {

  /** Why a server does not start like this; empty if it may. */
  public Optional<String> refusal() {
    if (loopback || authenticated || openOnPurpose) {
      return Optional.empty();
    }
    return Optional.of(
        "other machines could use this server and read what it keeps, since it asks for no token."
            + " Make one with qwen-mcp token create NAME, or name an authorization server with"
            + " --oauth-issuer, or listen at 127.0.0.1. If everybody who reaches it may use it, say"
            + " --allow-unauthenticated");
  }

  /** What its user should know. */
  public Optional<String> warning() {
    if (loopback || encrypted) {
      return Optional.empty();
    }
    return Optional.of(
        "tokens and texts travel unencrypted; use --tls-cert and --tls-key, or stand behind a proxy"
            + " that speaks TLS");
  }

  /** Whose requests those are that bring no token, where none is asked for. */
  public Identity unauthenticated() {
    return loopback ? Identity.LOCAL : Identity.ANYBODY;
  }
}
