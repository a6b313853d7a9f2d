package dev.qwenmcp.server.transport.http.security;

import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import com.nimbusds.jose.util.ResourceRetriever;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The keys of an authorization server: fetched when first needed, kept for minutes, fetched again
 * when a token names one that is not among them.
 *
 * <p>Anybody can send tokens that name keys of their own, so keys are fetched twice at most within
 * {@link #PAUSE}.
 */
final class IssuerKeys implements JWKSource<SecurityContext> {
  private static final int CONNECT_MILLIS = 3_000;
  private static final int READ_MILLIS = 5_000;
  private static final int MOST_BYTES = 1 << 20;
  private static final Duration KEPT = Duration.ofMinutes(5);

  /** Twice the time that fetching may take: others wait for the one that fetches. */
  private static final Duration PATIENCE = Duration.ofMillis(2L * (CONNECT_MILLIS + READ_MILLIS));

  static final Duration PAUSE = Duration.ofSeconds(10);

  private final OAuthSettings settings;
  private final InstantSource clock;
  private final ResourceRetriever web =
      new DefaultResourceRetriever(CONNECT_MILLIS, READ_MILLIS, MOST_BYTES);

  private JWKSource<SecurityContext> source; // null until the address of the keys is known
  private Instant again = Instant.MIN;
  private String trouble = "";

  IssuerKeys(OAuthSettings settings, InstantSource clock) {
    this.settings = settings;
    this.clock = clock;
    settings.keys().ifPresent(address -> source = source(address));
  }

  @Override
  public List<JWK> get(JWKSelector selector, SecurityContext context) throws KeySourceException {
    return source().get(selector, context);
  }

  private synchronized JWKSource<SecurityContext> source() throws KeySourceException {
    if (source == null) {
      if (clock.instant().isBefore(again)) {
        throw new KeySourceException(trouble);
      }
      try {
        source = source(discovered());
      } catch (KeySourceException e) {
        again = clock.instant().plus(PAUSE);
        trouble = e.getMessage();
        throw e;
      }
    }
    return source;
  }

  private JWKSource<SecurityContext> source(URI address) {
    try {
      return JWKSourceBuilder.create(address.toURL(), web)
          .cache(KEPT.toMillis(), PATIENCE.toMillis())
          .refreshAheadCache(false)
          .rateLimited(PAUSE.toMillis())
          .retrying(true)
          .build();
    } catch (MalformedURLException e) {
      throw new IllegalArgumentException("no address of keys: " + address, e);
    }
  }

  private URI discovered() throws KeySourceException {
    StringBuilder tried = new StringBuilder();
    for (String address : metadataAddresses(settings.issuer().toString())) {
      try {
        JsonNode metadata =
            new JsonMapper()
                .readTree(web.retrieveResource(URI.create(address).toURL()).getContent());
        if (metadata.path("issuer").asString("").equals(settings.issuer().toString())) {
          URI keys = URI.create(metadata.path("jwks_uri").asString(""));
          return new OAuthSettings(
                  settings.issuer(),
                  settings.audience(),
                  java.util.Optional.of(keys),
                  settings.scope())
              .keys()
              .orElseThrow();
        }
        tried.append(' ').append(address).append(" names another issuer;");
      } catch (IOException | JacksonException | IllegalArgumentException e) {
        tried.append(' ').append(address).append(": ").append(e.getMessage()).append(';');
      }
    }
    throw new KeySourceException(
        "the keys of issuer %s were not found:%s check --oauth-issuer or give --oauth-jwks"
            .formatted(settings.issuer(), tried));
  }

  /** By RFC 8414 and OpenID Connect Discovery, in the order in which MCP's clients try them. */
  static List<String> metadataAddresses(String issuer) {
    String base = issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer;
    int slash = base.indexOf('/', base.indexOf("://") + 3);
    String host = slash < 0 ? base : base.substring(0, slash);
    String path = slash < 0 ? "" : base.substring(slash);
    List<String> inserted =
        List.of(
            host + "/.well-known/oauth-authorization-server" + path,
            host + "/.well-known/openid-configuration" + path);
    return path.isEmpty()
        ? inserted
        : List.of(inserted.get(0), inserted.get(1), base + "/.well-known/openid-configuration");
  }
}
