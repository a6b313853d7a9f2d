package dev.qwenmcp.server.cli;

import dev.qwenmcp.server.ops.HealthServlet;
import dev.qwenmcp.server.ops.MetricsServlet;
import dev.qwenmcp.server.transport.http.HttpPart;
import dev.qwenmcp.server.transport.http.HttpSettings;
import dev.qwenmcp.server.transport.http.StreamableLimits;
import dev.qwenmcp.server.transport.http.security.AccessRules;
import dev.qwenmcp.server.transport.http.security.AllowedOrigins;
import dev.qwenmcp.server.transport.http.security.BearerAuthentication;
import dev.qwenmcp.server.transport.http.security.BrowserGuard;
import dev.qwenmcp.server.transport.http.security.Challenge;
import dev.qwenmcp.server.transport.http.security.Exposure;
import dev.qwenmcp.server.transport.http.security.FixedIdentity;
import dev.qwenmcp.server.transport.http.security.LimitFilter;
import dev.qwenmcp.server.transport.http.security.OAuthSettings;
import dev.qwenmcp.server.transport.http.security.OAuthTokens;
import dev.qwenmcp.server.transport.http.security.PrincipalLimits;
import dev.qwenmcp.server.transport.http.security.ProtectedResource;
import dev.qwenmcp.server.transport.http.security.RefusalListener;
import dev.qwenmcp.server.transport.http.security.ServedHosts;
import dev.qwenmcp.server.transport.http.security.StaticTokens;
import dev.qwenmcp.server.transport.http.security.TokenFile;
import dev.qwenmcp.server.transport.http.security.TokenVerifier;
import dev.qwenmcp.server.web.WebPage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What stands between the network and a server, as its flags say.
 *
 * @param settings where it listens, and by what certificate
 * @param flags what was asked for
 * @param limits of each principal
 * @param exposure who reaches it, and what is asked of them
 * @param tokens of the data folder, if there were any at the start
 * @param oauth the authorization server whose tokens are taken
 */
record HttpProtection(
    HttpSettings settings,
    SecurityFlags flags,
    PrincipalLimits limits,
    Exposure exposure,
    Optional<TokenFile> tokens,
    Optional<OAuthSettings> oauth) {
  private static final String ALL = "/*";

  /**
   * @param dataFolder where tokens are
   * @throws CliException if everybody could use the server and nobody said so, or no address is
   *     known of its host
   * @throws IOException if tokens or certificates cannot be read
   */
  static HttpProtection of(SecurityFlags flags, HttpSettings settings, Path dataFolder)
      throws CliException, IOException {
    TokenFile file = new TokenFile(dataFolder);
    Optional<TokenFile> tokens = file.read().isEmpty() ? Optional.empty() : Optional.of(file);
    Optional<OAuthSettings> oauth = flags.oauth();
    HttpSettings secured = settings.withTls(flags.tls());
    Exposure exposure =
        new Exposure(
            loopback(settings.host()),
            tokens.isPresent() || oauth.isPresent(),
            secured.tls().isPresent(),
            flags.unauthenticated());
    Optional<String> refusal = exposure.refusal();
    if (refusal.isPresent()) {
      throw new CliException("--http " + settings.host() + ": " + refusal.get());
    }
    boolean several = exposure.authenticated() || !exposure.loopback();
    return new HttpProtection(secured, flags, flags.limits(several), exposure, tokens, oauth);
  }

  private static boolean loopback(String host) throws CliException {
    try {
      for (InetAddress address : InetAddress.getAllByName(host)) {
        if (!address.isLoopbackAddress()) {
          return false;
        }
      }
      return true;
    } catch (UnknownHostException e) {
      throw new CliException("--http: no address is known of " + host, e);
    }
  }

  /** What its user should know. */
  Optional<String> warning() {
    return exposure.warning();
  }

  /** Who may use the server, in words. */
  String admits() {
    if (!exposure.authenticated()) {
      return exposure.loopback()
          ? "every program on this machine may use the server as you; qwen-mcp token create NAME"
              + " makes it ask for a token from the next start on"
          : "everybody who reaches the server may use it";
    }
    return "clients need a token"
        + (oauth.isPresent() ? " of " + oauth.get().issuer() : "")
        + (oauth.isPresent() && tokens.isPresent() ? ", or one" : "")
        + (tokens.isPresent() ? " that qwen-mcp token create made" : "");
  }

  /** Limits of sessions and messages. */
  StreamableLimits sessionLimits() {
    return StreamableLimits.DEFAULT
        .withPrincipals(limits.sessions(), limits.bodyBytes())
        .withBodies(flags.bodies(limits.bodyBytes()));
  }

  /**
   * Filters before all that is served, and the metadata for clients of OAuth.
   *
   * @param listener hears of requests that are refused
   */
  List<HttpPart> parts(RefusalListener listener) {
    Set<String> hosts = new HashSet<>(flags.hosts());
    hosts.add(settings.host());
    List<HttpPart> parts = new ArrayList<>();
    parts.add(
        new HttpPart.Filtered(
            ALL,
            new BrowserGuard(
                new ServedHosts(exposure.loopback(), hosts),
                new AllowedOrigins(exposure.loopback(), flags.origins()),
                listener)));
    parts.add(authentication(listener));
    parts.add(new HttpPart.Filtered(ALL, new LimitFilter(limits, System::nanoTime, listener)));
    oauth.ifPresent(settings ->
        ProtectedResource.PATHS.forEach(
            path -> parts.add(new HttpPart.Served(path, new ProtectedResource(settings)))));
    return parts;
  }

  private HttpPart authentication(RefusalListener listener) {
    if (!exposure.authenticated()) {
      return new HttpPart.Filtered(ALL, new FixedIdentity(exposure.unauthenticated()));
    }
    List<TokenVerifier> verifiers = new ArrayList<>();
    tokens.ifPresent(file -> verifiers.add(new StaticTokens(file)));
    oauth.ifPresent(o -> verifiers.add(new OAuthTokens(o, InstantSource.system())));
    Set<String> open = new HashSet<>(HealthServlet.PATHS);
    open.addAll(WebPage.OPEN);
    oauth.ifPresent(_ -> open.addAll(ProtectedResource.PATHS));
    Set<String> operations = new HashSet<>(WebPage.OPERATIONS);
    operations.add(MetricsServlet.PATH);
    Challenge challenge =
        oauth
            .map(o -> new Challenge(Optional.of(new ProtectedResource(o)), o.scope()))
            .orElse(Challenge.STATIC);
    return new HttpPart.Filtered(
        ALL,
        new BearerAuthentication(
            verifiers, new AccessRules(open, operations), challenge, listener));
  }
}
