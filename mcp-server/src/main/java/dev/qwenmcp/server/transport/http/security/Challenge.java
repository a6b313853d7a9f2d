package dev.qwenmcp.server.transport.http.security;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;

/**
 * What a client is told that has no good token: where to get one.
 *
 * @param resource of OAuth, if tokens of an authorization server are taken
 * @param scope that a token must have, empty for none
 */
public record Challenge(Optional<ProtectedResource> resource, String scope) {

  /** Of a server that takes its own tokens alone. */
  public static final Challenge STATIC = new Challenge(Optional.empty(), "");

  String plain(HttpServletRequest request) {
    StringBuilder header = new StringBuilder("Bearer realm=\"qwen-mcp\"");
    resource.ifPresent(
        r -> header.append(", resource_metadata=\"").append(r.metadataUrl(request)).append('"'));
    if (!scope.isEmpty()) {
      header.append(", scope=\"").append(scope).append('"');
    }
    return header.toString();
  }

  /**
   * @param error code of RFC 6750
   */
  String because(String error, HttpServletRequest request) {
    return plain(request) + ", error=\"" + error + '"';
  }

  /** What people do. */
  String remedy() {
    return resource.isPresent()
        ? "The WWW-Authenticate header says where clients get one"
        : "Make one with qwen-mcp token create NAME";
  }
}
