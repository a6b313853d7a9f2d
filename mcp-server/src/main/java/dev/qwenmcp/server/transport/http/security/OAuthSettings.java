package dev.qwenmcp.server.transport.http.security;

import java.net.URI;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The authorization server whose tokens are taken.
 *
 * @param issuer of the tokens, to the letter
 * @param audience that tokens must be meant for; best the address of this server's {@code /mcp}
 * @param keys address of the issuer's keys; empty to ask the issuer's metadata
 * @param scope that tokens must have, empty for any
 */
public record OAuthSettings(URI issuer, String audience, Optional<URI> keys, String scope) {
  /** RFC 6749. */
  private static final Pattern SCOPE = Pattern.compile("[\\x21\\x23-\\x5B\\x5D-\\x7E]*");

  /**
   * @throws IllegalArgumentException if tokens could be forged or a text is none of its kind; the
   *     message says what to do
   */
  public OAuthSettings {
    requireSafe("issuer", issuer);
    keys.ifPresent(address -> requireSafe("address of keys", address));
    if (issuer.getRawQuery() != null || issuer.getRawFragment() != null) {
      throw new IllegalArgumentException("an issuer has neither query nor fragment: " + issuer);
    }
    if (audience.isBlank()) {
      throw new IllegalArgumentException(
          "tokens for any audience would be taken; name one, best the address of this server's"
              + " /mcp");
    }
    if (!SCOPE.matcher(scope).matches()) {
      throw new IllegalArgumentException("a scope is one word without quotes, not " + scope);
    }
  }

  private static void requireSafe(String what, URI address) {
    boolean local =
        "http".equals(address.getScheme())
            && address.getHost() != null
            && ServedHosts.isLoopback(address.getHost());
    if (!"https".equals(address.getScheme()) && !local) {
      throw new IllegalArgumentException(
          "the %s must begin with https://, or anybody between could forge tokens: %s"
              .formatted(what, address));
    }
  }

  boolean audienceIsAddress() {
    return audience.startsWith("https://") || audience.startsWith("http://");
  }
}
