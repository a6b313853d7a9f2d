package dev.qwenmcp.server.transport.http.security;

import dev.qwenmcp.server.transport.Admission;
import dev.qwenmcp.server.transport.Principals;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets through who has a token that is good for what he asks, and says whose request it is.
 *
 * <p>Whatever is wrong with a token, its sender reads the same words; the log has the reason.
 * Tokens are read from the {@code Authorization} header alone, since addresses end up in logs.
 */
public final class BearerAuthentication implements Filter {
  private static final Logger LOG = LoggerFactory.getLogger(BearerAuthentication.class);
  private static final String CHALLENGE = "WWW-Authenticate";
  private static final String RETRY_SECONDS = "5";

  /** RFC 6750, with any number of spaces. */
  private static final Pattern BEARER = Pattern.compile("(?i:bearer) +([A-Za-z0-9._~+/-]+=*) *");

  private final List<TokenVerifier> verifiers;
  private final AccessRules rules;
  private final Challenge challenge;
  private final RefusalListener listener;

  /**
   * @param verifiers asked in their order for one that recognises a token
   */
  public BearerAuthentication(
      List<TokenVerifier> verifiers,
      AccessRules rules,
      Challenge challenge,
      RefusalListener listener) {
    this.verifiers = List.copyOf(verifiers);
    this.rules = rules;
    this.challenge = challenge;
    this.listener = listener;
  }

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain next)
      throws IOException, ServletException {
    HttpServletRequest from = (HttpServletRequest) request;
    Optional<Grant> needed = rules.needed(path(from));
    if (needed.isEmpty()) {
      next.doFilter(request, response);
      return;
    }
    Checked checked = check(from);
    TokenCheck check = checked.check();
    if (check instanceof TokenCheck.Accepted accepted
        && accepted.identity().grants().contains(needed.get())) {
      request.setAttribute(Principals.ATTRIBUTE, accepted.identity().principal());
      request.setAttribute(Admission.ATTRIBUTE, checked.held(accepted));
      next.doFilter(request, response);
      return;
    }
    Refusal refusal = refusal(check, needed.get(), from);
    listener.refused(
        refusal,
        check instanceof TokenCheck.Accepted(Identity identity) ? identity.principal() : "",
        from.getRemoteAddr());
    refusal.writeTo((HttpServletResponse) response);
  }

  /** What the servlets' paths are compared with, too. */
  private static String path(HttpServletRequest request) {
    String rest = request.getPathInfo();
    return rest == null ? request.getServletPath() : request.getServletPath() + rest;
  }

  /**
   * What a request's token came to.
   *
   * @param check null if there is no token
   * @param verifier null unless it was asked
   */
  private record Checked(TokenCheck check, TokenVerifier verifier, String token) {
    static Checked unread(TokenCheck check) {
      return new Checked(check, null, "");
    }

    Admission held(TokenCheck.Accepted accepted) {
      return new HeldToken(verifier, token, accepted, System::nanoTime);
    }
  }

  private Checked check(HttpServletRequest request) {
    List<String> headers = Collections.list(request.getHeaders("Authorization"));
    if (headers.isEmpty()) {
      return Checked.unread(null);
    }
    Matcher bearer = BEARER.matcher(headers.getFirst());
    if (headers.size() > 1 || !bearer.matches()) {
      return Checked.unread(
          new TokenCheck.Rejected("expected one Authorization header with a bearer token"));
    }
    String token = bearer.group(1);
    for (TokenVerifier verifier : verifiers) {
      if (verifier.recognises(token)) {
        return new Checked(verifier.check(token), verifier, token);
      }
    }
    return Checked.unread(new TokenCheck.Rejected("a token of no kind that this server takes"));
  }

  private Refusal refusal(TokenCheck check, Grant needed, HttpServletRequest request) {
    return switch (check) {
      case null ->
          new Refusal(
                  Refusal.Kind.NO_TOKEN,
                  HttpServletResponse.SC_UNAUTHORIZED,
                  "this server wants a token: send a header Authorization: Bearer TOKEN. "
                      + challenge.remedy())
              .with(CHALLENGE, challenge.plain(request));
      case TokenCheck.Rejected(String reason) -> {
        LOG.info("A token from {} was refused: {}", request.getRemoteAddr(), reason);
        yield new Refusal(
                Refusal.Kind.BAD_TOKEN,
                HttpServletResponse.SC_UNAUTHORIZED,
                "the token is unknown, revoked, expired or not meant for this server. "
                    + challenge.remedy())
            .with(CHALLENGE, challenge.because("invalid_token", request));
      }
      case TokenCheck.TooNarrow(String scope) ->
          new Refusal(
                  Refusal.Kind.NOT_GRANTED,
                  HttpServletResponse.SC_FORBIDDEN,
                  "the token has not the scope " + scope + "; ask the authorization server for it")
              .with(CHALLENGE, challenge.because("insufficient_scope", request));
      case TokenCheck.Accepted _ ->
          new Refusal(
                  Refusal.Kind.NOT_GRANTED,
                  HttpServletResponse.SC_FORBIDDEN,
                  "the token does not allow to %s; make one that does with qwen-mcp token create"
                          .formatted(needed.word())
                      + " NAME --grant "
                      + needed.word())
              .with(CHALLENGE, challenge.because("insufficient_scope", request));
      case TokenCheck.Unavailable(String reason) -> {
        LOG.warn("Tokens cannot be checked: {}", reason);
        yield new Refusal(
                Refusal.Kind.NO_VERDICT,
                HttpServletResponse.SC_SERVICE_UNAVAILABLE,
                "tokens cannot be checked at the moment; the server's log has the reason. Try again")
            .with("Retry-After", RETRY_SECONDS);
      }
    };
  }
}
