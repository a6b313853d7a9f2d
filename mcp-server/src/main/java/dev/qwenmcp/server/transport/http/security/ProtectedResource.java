package dev.qwenmcp.server.transport.http.security;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The metadata by which clients find the authorization server (RFC 9728).
 *
 * <p>The resource's identifier is the audience, where that is an address; else the address under
 * which the client reached this server, whose name has been checked.
 */
public final class ProtectedResource extends HttpServlet {
  private static final long serialVersionUID = 1L;
  private static final String BASE = "/.well-known/oauth-protected-resource";

  /** Where it is served. */
  public static final Set<String> PATHS = Set.of(BASE, BASE + "/mcp");

  private static final String ENDPOINT = "/mcp";

  private final transient OAuthSettings settings;

  public ProtectedResource(OAuthSettings settings) {
    this.settings = settings;
  }

  /** Where the metadata of a request's address is. */
  String metadataUrl(HttpServletRequest request) {
    String path = settings.audienceIsAddress() ? path(settings.audience()) : ENDPOINT;
    return root(request) + BASE + path;
  }

  private String root(HttpServletRequest request) {
    String audience = settings.audience();
    return settings.audienceIsAddress()
        ? audience.substring(0, audience.length() - path(audience).length())
        : request.getScheme() + "://" + request.getHeader("Host");
  }

  private static String path(String address) {
    int slash = address.indexOf('/', address.indexOf("://") + 3);
    return slash < 0 ? "" : address.substring(slash);
  }

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    ObjectNode metadata =
        JsonNodeFactory.instance
            .objectNode()
            .put(
                "resource",
                settings.audienceIsAddress() ? settings.audience() : root(request) + ENDPOINT);
    metadata.putArray("authorization_servers").add(settings.issuer().toString());
    metadata.putArray("bearer_methods_supported").add("header");
    if (!settings.scope().isEmpty()) {
      metadata.putArray("scopes_supported").add(settings.scope());
    }
    metadata.put("resource_name", "qwen-mcp");
    response.setContentType("application/json");
    response.setHeader("Cache-Control", "no-cache");
    response.getOutputStream().write(metadata.toString().getBytes(StandardCharsets.UTF_8));
  }
}
