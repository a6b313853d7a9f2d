package dev.qwenmcp.server.transport.http.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class OAuthTokensTest {
  private static final Instant NOW = Instant.parse("2026-11-28T12:00:00Z");

  private final AtomicReference<Instant> now = new AtomicReference<>(NOW);
  private FakeIssuer issuer;
  private RSAKey key;

  @BeforeEach
  void start() throws Exception {
    issuer = new FakeIssuer();
    key = issuer.rotate("k1");
  }

  @AfterEach
  void stop() {
    issuer.close();
  }

  private OAuthTokens tokens(String scope) {
    return new OAuthTokens(issuer.settings(scope), now::get);
  }

  private FilteredServer server(String scope) throws Exception {
    OAuthSettings settings = issuer.settings(scope);
    ProtectedResource resource = new ProtectedResource(settings);
    return new FilteredServer(
        List.of(
            new BearerAuthentication(
                List.of(new OAuthTokens(settings, now::get)),
                new AccessRules(ProtectedResource.PATHS, Set.of()),
                new Challenge(Optional.of(resource), scope),
                RefusalListener.NONE)),
        Map.of("/.well-known/oauth-protected-resource/*", resource));
  }

  private static TokenCheck.Accepted accepted(String subject, FakeIssuer issuer) {
    return new TokenCheck.Accepted(
        new Identity("oauth:" + issuer.url() + "#" + subject, Set.of(Grant.USE)));
  }

  @Test
  void takesATokenOfTheIssuerAsItsSubject() throws Exception {
    OAuthTokens tokens = tokens("");
    ECKey curve = issuer.addCurve("c1");

    assertThat(tokens.check(FakeIssuer.sign(key, issuer.claims(NOW).build())))
        .isEqualTo(accepted("ann", issuer));
    assertThat(tokens.check(FakeIssuer.sign(curve, issuer.claims(NOW).subject("ben").build())))
        .isEqualTo(accepted("ben", issuer));
    assertThat(issuer.fetched).hasValue(1);
  }

  @Test
  void takesSignaturesOfEd25519() throws Exception {
    OAuthTokens tokens = tokens("");
    KeyPair edwards = issuer.addEdwards("e1");
    KeyPair strange = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    JWTClaimsSet claims = issuer.claims(NOW).build();
    for (JWSAlgorithm algorithm : List.of(JWSAlgorithm.EdDSA, JWSAlgorithm.Ed25519)) {
      String good = FakeIssuer.sign(edwards, "e1", algorithm, claims);
      assertThat(tokens.check(good)).isEqualTo(accepted("ann", issuer));

      String cut = good.substring(0, good.length() - 4);
      String forged = FakeIssuer.sign(strange, "e1", algorithm, claims);
      String others = FakeIssuer.sign(edwards, "k1", algorithm, claims);
      String later =
          FakeIssuer.sign(edwards, "e1", algorithm, issuer.claims(NOW.minusSeconds(999)).build());
      for (String bad : List.of(cut, forged, others, later)) {
        assertThat(tokens.check(bad)).as(bad).isInstanceOf(TokenCheck.Rejected.class);
      }
    }
  }

  @Test
  void refusesTokensOfOtherIssuersForOtherServersAndOtherTimes() throws Exception {
    OAuthTokens tokens = tokens("");
    List<JWTClaimsSet> bad =
        List.of(
            issuer.claims(NOW.minusSeconds(1000)).build(), // expired
            issuer.claims(NOW).expirationTime(null).build(),
            issuer.claims(NOW).notBeforeTime(Date.from(NOW.plusSeconds(120))).build(),
            issuer.claims(NOW).audience("https://other.test/mcp").build(),
            issuer.claims(NOW).audience(FakeIssuer.AUDIENCE + "/").build(),
            issuer.claims(NOW).audience((String) null).build(),
            issuer.claims(NOW).issuer("https://evil.example").build(),
            issuer.claims(NOW).issuer(issuer.url() + "/").build(),
            issuer.claims(NOW).issuer(null).build(),
            issuer.claims(NOW).subject(null).build(),
            issuer.claims(NOW).subject(" ").build(),
            issuer.claims(NOW).subject("ann\n").build(),
            issuer.claims(NOW).subject("a".repeat(256)).build());
    for (JWTClaimsSet claims : bad) {
      assertThat(tokens.check(FakeIssuer.sign(key, claims)))
          .as("%s", claims)
          .isInstanceOf(TokenCheck.Rejected.class);
    }
  }

  @Test
  void refusesATokenFromTheMomentItExpires() throws Exception {
    OAuthTokens tokens = tokens("");
    String token = FakeIssuer.sign(key, issuer.claims(NOW).build());

    assertThat(tokens.check(token)).isEqualTo(accepted("ann", issuer));
    now.set(NOW.plusSeconds(300 + 31));
    assertThat(tokens.check(token)).isInstanceOf(TokenCheck.Rejected.class);
  }

  @Test
  void refusesTokensThatNobodySigned() throws Exception {
    OAuthTokens tokens = tokens("");
    String plain = new PlainJWT(issuer.claims(NOW).build()).serialize();
    String signed = FakeIssuer.sign(key, issuer.claims(NOW).build());
    String cut = signed.substring(0, signed.lastIndexOf('.') + 1);
    String forged = FakeIssuer.sign(key, issuer.claims(NOW).subject("ben").build());
    String mixed =
        forged.substring(0, forged.lastIndexOf('.')) + signed.substring(signed.lastIndexOf('.'));

    for (String token : List.of(plain, cut, mixed, "a.b.c", "..", signed + "x")) {
      assertThat(tokens.check(token)).as(token).isInstanceOf(TokenCheck.Rejected.class);
    }
  }

  @Test
  void refusesTokensSignedWithThePublicKeyAsASecret() throws Exception {
    OAuthTokens tokens = tokens("");
    for (byte[] secret :
        List.of(
            key.toRSAPublicKey().getEncoded(),
            key.toPublicJWK().toJSONString().getBytes(java.nio.charset.StandardCharsets.UTF_8))) {
      SignedJWT token =
          new SignedJWT(
              new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("k1").build(),
              issuer.claims(NOW).build());
      token.sign(new MACSigner(secret));

      assertThat(tokens.check(token.serialize())).isInstanceOf(TokenCheck.Rejected.class);
    }
  }

  @Test
  void refusesKeysThatTheIssuerDoesNotPublishAndAsksForThemRarely() throws Exception {
    OAuthTokens tokens = tokens("");
    RSAKey own = new RSAKeyGenerator(2048).keyID("own").generate();
    for (int i = 0; i < 50; i++) {
      assertThat(tokens.check(FakeIssuer.sign(own, issuer.claims(NOW).build())))
          .isInstanceOf(TokenCheck.Rejected.class);
    }

    assertThat(issuer.fetched.get()).isBetween(1, 3);
    assertThat(tokens.check(FakeIssuer.sign(key, issuer.claims(NOW).build())))
        .isEqualTo(accepted("ann", issuer));
  }

  @Test
  void followsTheIssuerToNewKeys() throws Exception {
    OAuthTokens tokens = tokens("");
    assertThat(tokens.check(FakeIssuer.sign(key, issuer.claims(NOW).build())))
        .isEqualTo(accepted("ann", issuer));

    RSAKey next = issuer.rotate("k2");

    assertThat(tokens.check(FakeIssuer.sign(next, issuer.claims(NOW).build())))
        .isEqualTo(accepted("ann", issuer));
    assertThat(tokens.check(FakeIssuer.sign(key, issuer.claims(NOW).build())))
        .isInstanceOf(TokenCheck.Rejected.class);
  }

  @Test
  void saysThatItCannotTellWhileTheIssuerIsAway() throws Exception {
    String token = FakeIssuer.sign(key, issuer.claims(NOW).build());
    try (FilteredServer server = server("")) {
      issuer.close();
      HttpResponse<String> answer = server.get("/mcp", "Authorization", "Bearer " + token);

      assertThat(answer.statusCode()).isEqualTo(503);
      assertThat(answer.headers().firstValue("Retry-After")).isPresent();
      assertThat(answer.body()).doesNotContain(issuer.url());
    }
  }

  @Test
  void takesNoKeysFromMetadataOfAnotherIssuer() throws Exception {
    issuer.claimedIssuer = "https://evil.example";

    assertThat(tokens("").check(FakeIssuer.sign(key, issuer.claims(NOW).build())))
        .isInstanceOf(TokenCheck.Unavailable.class);
  }

  @Test
  void scopesAreAskedForWhereTheyAreSet() throws Exception {
    OAuthTokens tokens = tokens("mcp");

    assertThat(
            tokens.check(
                FakeIssuer.sign(key, issuer.claims(NOW).claim("scope", "email mcp").build())))
        .isEqualTo(accepted("ann", issuer));
    assertThat(
            tokens.check(
                FakeIssuer.sign(key, issuer.claims(NOW).claim("scp", List.of("mcp")).build())))
        .isEqualTo(accepted("ann", issuer));
    for (JWTClaimsSet narrow :
        List.of(
            issuer.claims(NOW).build(),
            issuer.claims(NOW).claim("scope", "mcpx email").build(),
            issuer.claims(NOW).claim("scope", "").claim("scp", List.of("mcp")).build())) {
      assertThat(tokens.check(FakeIssuer.sign(key, narrow)))
          .isEqualTo(new TokenCheck.TooNarrow("mcp"));
    }
  }

  @Test
  void whoHasNoGoodTokenIsToldWhereToGetOneAndNotWhatWasWrong() throws Exception {
    try (FilteredServer server = server("mcp")) {
      HttpResponse<String> none = server.get("/mcp");
      assertThat(none.statusCode()).isEqualTo(401);
      assertThat(none.headers().firstValue("WWW-Authenticate"))
          .hasValue(
              "Bearer realm=\"qwen-mcp\","
                  + " resource_metadata=\"https://qwen.test/.well-known/oauth-protected-resource/mcp\","
                  + " scope=\"mcp\"");

      JWTClaimsSet good = issuer.claims(NOW).claim("scope", "mcp").build();
      HttpResponse<String> expired =
          asked(server, issuer.claims(NOW.minusSeconds(1000)).claim("scope", "mcp").build());
      HttpResponse<String> other =
          asked(server, issuer.claims(NOW).audience("https://other.test/mcp").build());
      HttpResponse<String> narrow = asked(server, issuer.claims(NOW).build());

      assertThat(expired.statusCode()).isEqualTo(401);
      assertThat(expired.headers().firstValue("WWW-Authenticate").orElseThrow())
          .endsWith("error=\"invalid_token\"");
      assertThat(other.statusCode()).isEqualTo(401);
      assertThat(other.body()).isEqualTo(expired.body());
      assertThat(other.headers().map().get("www-authenticate"))
          .isEqualTo(expired.headers().map().get("www-authenticate"));
      assertThat(narrow.statusCode()).isEqualTo(403);
      assertThat(narrow.headers().firstValue("WWW-Authenticate").orElseThrow())
          .contains("error=\"insufficient_scope\"", "scope=\"mcp\"");
      assertThat(asked(server, good).body()).isEqualTo("principal oauth:" + issuer.url() + "#ann");
    }
  }

  private HttpResponse<String> asked(FilteredServer server, JWTClaimsSet claims) throws Exception {
    return server.get("/mcp", "Authorization", "Bearer " + FakeIssuer.sign(key, claims));
  }

  @Test
  void theMetadataNamesResourceAndIssuerForEverybody() throws Exception {
    try (FilteredServer server = server("mcp")) {
      for (String path : ProtectedResource.PATHS) {
        HttpResponse<String> answer = server.get(path);
        assertThat(answer.statusCode()).as(path).isEqualTo(200);
        JsonNode metadata = new JsonMapper().readTree(answer.body());
        assertThat(metadata.path("resource").asString("")).isEqualTo(FakeIssuer.AUDIENCE);
        assertThat(metadata.path("authorization_servers").get(0).asString(""))
            .isEqualTo(issuer.url());
        assertThat(metadata.path("scopes_supported").get(0).asString("")).isEqualTo("mcp");
      }
    }
  }

  @Test
  void settingsThatWouldLetTokensBeForgedAreRefused() {
    assertThatThrownBy(() -> settings("http://issuer.example", "a", null))
        .hasMessageContaining("https://");
    assertThatThrownBy(() -> settings("https://issuer.example", "a", "http://issuer.example/keys"))
        .hasMessageContaining("https://");
    assertThatThrownBy(() -> settings("https://issuer.example", " ", null))
        .hasMessageContaining("any audience");
    assertThatThrownBy(() -> settings("https://issuer.example?x", "a", null))
        .hasMessageContaining("neither query");
  }

  private static OAuthSettings settings(String issuer, String audience, String keys) {
    return new OAuthSettings(
        URI.create(issuer), audience, Optional.ofNullable(keys).map(URI::create), "");
  }

  @Test
  void metadataIsLookedForWhereTheStandardsPutIt() throws IOException {
    assertThat(IssuerKeys.metadataAddresses("https://a.example"))
        .containsExactly(
            "https://a.example/.well-known/oauth-authorization-server",
            "https://a.example/.well-known/openid-configuration");
    assertThat(IssuerKeys.metadataAddresses("https://a.example/t/1"))
        .containsExactly(
            "https://a.example/.well-known/oauth-authorization-server/t/1",
            "https://a.example/.well-known/openid-configuration/t/1",
            "https://a.example/t/1/.well-known/openid-configuration");
  }
}
