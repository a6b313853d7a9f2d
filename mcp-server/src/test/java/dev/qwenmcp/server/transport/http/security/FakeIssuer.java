package dev.qwenmcp.server.transport.http.security;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** An authorization server on this machine: metadata, keys, and tokens on demand. */
final class FakeIssuer implements AutoCloseable {
  static final String AUDIENCE = "https://qwen.test/mcp";

  private final HttpServer server;
  private final List<JWK> keys = new CopyOnWriteArrayList<>();

  /** How often keys were fetched. */
  final AtomicInteger fetched = new AtomicInteger();

  /** What the metadata says it is, if not the truth. */
  volatile String claimedIssuer;

  FakeIssuer() throws IOException {
    server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    server.createContext(
        "/.well-known/oauth-authorization-server",
        exchange ->
            answer(
                exchange,
                """
                {"issuer":"%s","jwks_uri":"%s/keys"}\
                """
                    .formatted(claimedIssuer == null ? url() : claimedIssuer, url())));
    server.createContext(
        "/keys",
        exchange -> {
          fetched.incrementAndGet();
          answer(exchange, new JWKSet(keys).toString(true));
        });
    server.start();
  }

  private static void answer(HttpExchange exchange, String json) throws IOException {
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(200, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  OAuthSettings settings(String scope) {
    return new OAuthSettings(URI.create(url()), AUDIENCE, java.util.Optional.empty(), scope);
  }

  /** Makes a key and publishes it in the place of those before. */
  RSAKey rotate(String id) throws JOSEException {
    RSAKey key = new RSAKeyGenerator(2048).keyID(id).generate();
    keys.clear();
    keys.add(key.toPublicJWK());
    return key;
  }

  /** Makes a key and publishes it besides. */
  ECKey addCurve(String id) throws JOSEException {
    ECKey key = new ECKeyGenerator(Curve.P_256).keyID(id).generate();
    keys.add(key.toPublicJWK());
    return key;
  }

  /** Makes a key of Ed25519 and publishes it besides. */
  KeyPair addEdwards(String id) throws GeneralSecurityException {
    KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    byte[] der = pair.getPublic().getEncoded();
    byte[] point = Arrays.copyOfRange(der, der.length - 32, der.length);
    keys.add(new OctetKeyPair.Builder(Curve.Ed25519, Base64URL.encode(point)).keyID(id).build());
    return pair;
  }

  /** Claims that are in order at a time. */
  JWTClaimsSet.Builder claims(Instant now) {
    return new JWTClaimsSet.Builder()
        .issuer(url())
        .subject("ann")
        .audience(AUDIENCE)
        .issueTime(Date.from(now))
        .expirationTime(Date.from(now.plusSeconds(300)));
  }

  static String sign(RSAKey key, JWTClaimsSet claims) throws JOSEException {
    SignedJWT token =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.RS256)
                .keyID(key.getKeyID())
                .type(new JOSEObjectType("at+jwt"))
                .build(),
            claims);
    token.sign(new RSASSASigner(key));
    return token.serialize();
  }

  static String sign(ECKey key, JWTClaimsSet claims) throws JOSEException {
    SignedJWT token =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(key.getKeyID()).build(), claims);
    token.sign(new ECDSASigner(key));
    return token.serialize();
  }

  /**
   * @param algorithm EdDSA, or Ed25519 as RFC 9864 calls it
   */
  static String sign(KeyPair key, String id, JWSAlgorithm algorithm, JWTClaimsSet claims)
      throws GeneralSecurityException {
    JWSHeader header = new JWSHeader.Builder(algorithm).keyID(id).build();
    String signed = header.toBase64URL() + "." + claims.toPayload().toBase64URL();
    Signature signer = Signature.getInstance("Ed25519");
    signer.initSign(key.getPrivate());
    signer.update(signed.getBytes(StandardCharsets.US_ASCII));
    return signed + "." + Base64URL.encode(signer.sign());
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
