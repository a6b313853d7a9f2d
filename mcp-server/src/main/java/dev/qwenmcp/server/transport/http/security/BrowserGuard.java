package dev.qwenmcp.server.transport.http.security;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;

/**
 * Keeps web pages from using the server behind their reader's back: requests under a name that is
 * not the server's, and of pages that nobody allowed, go no further.
 *
 * <p>Pages that are allowed are told so as CORS foresees, or their browser would keep the answers
 * from them.
 */
public final class BrowserGuard implements Filter {
  private static final int MOST_SHOWN = 200;
  private static final String ORIGIN = "Origin";
  private static final String ALLOW = "Access-Control-Allow-";

  private final ServedHosts hosts;
  private final AllowedOrigins origins;
  private final RefusalListener listener;

  public BrowserGuard(ServedHosts hosts, AllowedOrigins origins, RefusalListener listener) {
    this.hosts = hosts;
    this.origins = origins;
    this.listener = listener;
  }

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain next)
      throws IOException, ServletException {
    HttpServletRequest from = (HttpServletRequest) request;
    HttpServletResponse to = (HttpServletResponse) response;
    Optional<Refusal> refusal = refusal(from);
    if (refusal.isPresent()) {
      listener.refused(refusal.get(), "", from.getRemoteAddr());
      refusal.get().writeTo(to);
      return;
    }
    String origin = from.getHeader(ORIGIN);
    if (origin != null) {
      to.setHeader(ALLOW + "Origin", origin);
      to.addHeader("Vary", ORIGIN);
      to.setHeader(
          "Access-Control-Expose-Headers",
          "Mcp-Session-Id, MCP-Protocol-Version, WWW-Authenticate, Retry-After");
    }
    String method = from.getHeader("Access-Control-Request-Method");
    if (origin != null && method != null && from.getMethod().equals("OPTIONS")) {
      preflight(from, to);
      return;
    }
    next.doFilter(request, response);
  }

  private Optional<Refusal> refusal(HttpServletRequest request) {
    String host = request.getHeader("Host");
    if (!hosts.serves(host)) {
      return Optional.of(
          new Refusal(
              Refusal.Kind.HOST,
              HttpServletResponse.SC_MISDIRECTED_REQUEST,
              "the Host header names %s, which is no name of this server; if it is, start the server"
                      .formatted(shown(host))
                  + " with --allow-host NAME"));
    }
    String origin = request.getHeader(ORIGIN);
    if (origin != null && !origins.allows(origin, host)) {
      return Optional.of(
          new Refusal(
              Refusal.Kind.ORIGIN,
              HttpServletResponse.SC_FORBIDDEN,
              "web pages of the origin %s may not use this server; to allow them, start it with"
                      .formatted(shown(origin))
                  + " --allow-origin ORIGIN. A token would not help"));
    }
    return Optional.empty();
  }

  private static void preflight(HttpServletRequest request, HttpServletResponse response) {
    response.setHeader(ALLOW + "Methods", "GET, POST, DELETE");
    String headers = request.getHeader("Access-Control-Request-Headers");
    if (headers != null) {
      response.setHeader(ALLOW + "Headers", headers);
    }
    if ("true".equals(request.getHeader("Access-Control-Request-Private-Network"))) {
      response.setHeader(ALLOW + "Private-Network", "true");
    }
    response.setHeader("Access-Control-Max-Age", "600");
    response.setStatus(HttpServletResponse.SC_NO_CONTENT);
  }

  private static String shown(String header) {
    if (header == null) {
      return "nothing";
    }
    return header.length() <= MOST_SHOWN ? header : header.substring(0, MOST_SHOWN) + "…";
  }
}
