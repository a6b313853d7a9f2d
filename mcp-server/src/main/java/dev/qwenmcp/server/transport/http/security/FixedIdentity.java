package dev.qwenmcp.server.transport.http.security;

import dev.qwenmcp.server.transport.Principals;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import java.io.IOException;

/** Takes every request for the same principal's: for a server that asks for no token. */
public final class FixedIdentity implements Filter {
  private final Identity identity;

  public FixedIdentity(Identity identity) {
    this.identity = identity;
  }

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain next)
      throws IOException, ServletException {
    request.setAttribute(Principals.ATTRIBUTE, identity.principal());
    next.doFilter(request, response);
  }
}
