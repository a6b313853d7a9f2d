package dev.qwenmcp.server.transport.http.security;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The web pages that may use a server from a browser; programs send no origin.
 *
 * <p>Those of the server itself always may, and where it serves this machine alone, those of this
 * machine.
 *
 * @param loopbackOnly whether the server can be reached from this machine alone
 * @param origins besides these, such as {@code https://app.example}
 */
public record AllowedOrigins(boolean loopbackOnly, Set<String> origins) {
  public AllowedOrigins {
    origins =
        origins.stream()
            .map(o -> o.toLowerCase(Locale.ROOT))
            .collect(Collectors.toUnmodifiableSet());
  }

  /**
   * @param origin of the page
   * @param hostHeader of the request, which has been found good
   */
  boolean allows(String origin, String hostHeader) {
    String given = origin.toLowerCase(Locale.ROOT);
    if (origins.contains(given)) {
      return true;
    }
    URI page;
    try {
      page = new URI(given);
    } catch (URISyntaxException e) {
      return false;
    }
    if (page.getHost() == null
        || !("http".equals(page.getScheme()) || "https".equals(page.getScheme()))) {
      return false; // "null" among them: the origin of files, sandboxes and redirects
    }
    return page.getRawAuthority().equals(hostHeader.toLowerCase(Locale.ROOT))
        || loopbackOnly && ServedHosts.isLoopback(page.getHost());
  }
}
