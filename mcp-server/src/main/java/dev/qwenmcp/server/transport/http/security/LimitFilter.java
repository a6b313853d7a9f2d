package dev.qwenmcp.server.transport.http.security;

import dev.qwenmcp.server.transport.Principals;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Keeps one principal from taking the server from the others. Requests that need no principal pass:
 * what they get costs nothing.
 */
public final class LimitFilter implements Filter {
  private static final int MOST_PRINCIPALS = 10_000;
  private static final int TOO_MANY = 429;
  private static final String RETRY = "Retry-After";

  private final PrincipalLimits limits;
  private final PrincipalLoad load;
  private final RefusalListener listener;

  /**
   * @param nanos a clock, as {@link System#nanoTime}
   */
  public LimitFilter(PrincipalLimits limits, LongSupplier nanos, RefusalListener listener) {
    this.limits = limits;
    this.load = new PrincipalLoad(limits, MOST_PRINCIPALS, nanos);
    this.listener = listener;
  }

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain next)
      throws IOException, ServletException {
    HttpServletRequest from = (HttpServletRequest) request;
    Object attribute = from.getAttribute(Principals.ATTRIBUTE);
    if (!(attribute instanceof String principal)) {
      next.doFilter(request, response);
      return;
    }
    Optional<Refusal> refusal = begin(principal, from);
    if (refusal.isPresent()) {
      listener.refused(refusal.get(), principal, from.getRemoteAddr());
      refusal.get().writeTo((HttpServletResponse) response);
      return;
    }
    try {
      next.doFilter(request, response); // answers on this thread, a virtual one
    } finally {
      load.end(principal);
    }
  }

  private Optional<Refusal> begin(String principal, HttpServletRequest request) {
    if (request.getContentLengthLong() > limits.bodyBytes()) {
      return Optional.of(
          new Refusal(
              Refusal.Kind.TOO_LARGE,
              HttpServletResponse.SC_REQUEST_ENTITY_TOO_LARGE,
              "the request has %d bytes and may have %d; put long texts in with ingest, in pieces"
                  .formatted(request.getContentLengthLong(), limits.bodyBytes())));
    }
    return switch (load.begin(principal)) {
      case PrincipalLoad.Verdict.Begin _ -> Optional.empty();
      case PrincipalLoad.Verdict.Wait(long seconds) ->
          Optional.of(
              new Refusal(
                      Refusal.Kind.TOO_MANY_REQUESTS,
                      TOO_MANY,
                      "more than the %s requests a second that each client may make; wait %d s"
                          .formatted(plain(limits.requestsPerSecond()), seconds))
                  .with(RETRY, Long.toString(seconds)));
      case PrincipalLoad.Verdict.Full _ ->
          Optional.of(
              new Refusal(
                      Refusal.Kind.TOO_MANY_AT_ONCE,
                      TOO_MANY,
                      "%d requests of yours are worked on, as many as may be; wait for their answers"
                          .formatted(limits.concurrent()))
                  .with(RETRY, "1"));
    };
  }

  private static String plain(double rate) {
    return rate == Math.rint(rate) ? Long.toString((long) rate) : Double.toString(rate);
  }
}
