package dev.qwenmcp.server.transport.http.security;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.KeyType;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.JWSKeySelector;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import java.security.Key;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/**
 * The keys that may have signed a token, by its header: the library's choice, and Ed25519 besides,
 * whose keys the library does not make the JDK's.
 */
final class SigningKeys implements JWSKeySelector<SecurityContext> {
  private static final Set<JWSAlgorithm> EDWARDS = Set.of(JWSAlgorithm.EdDSA, JWSAlgorithm.Ed25519);

  /** What stands before the 32 bytes of a key in the DER of RFC 8410. */
  private static final byte[] DER_HEAD = HexFormat.of().parseHex("302a300506032b6570032100");

  private static final int KEY_BYTES = 32;

  private final JWKSource<SecurityContext> source;
  private final JWSKeySelector<SecurityContext> others;

  /**
   * @param algorithms that are taken besides Ed25519's
   */
  SigningKeys(Set<JWSAlgorithm> algorithms, JWKSource<SecurityContext> source) {
    this.source = source;
    this.others = new JWSVerificationKeySelector<>(algorithms, source);
  }

  @Override
  public List<? extends Key> selectJWSKeys(JWSHeader header, SecurityContext context)
      throws KeySourceException {
    if (!EDWARDS.contains(header.getAlgorithm())) {
      return others.selectJWSKeys(header, context);
    }
    JWKMatcher fitting =
        new JWKMatcher.Builder()
            .keyType(KeyType.OKP)
            .curve(Curve.Ed25519)
            .keyID(header.getKeyID())
            .keyUses(KeyUse.SIGNATURE, null)
            .build();
    List<Key> keys = new ArrayList<>();
    for (JWK key : source.get(new JWKSelector(fitting), context)) {
      byte[] point = ((OctetKeyPair) key).getDecodedX();
      if (point.length == KEY_BYTES) {
        keys.add(key(point));
      }
    }
    return keys;
  }

  private static PublicKey key(byte[] point) throws KeySourceException {
    byte[] der = new byte[DER_HEAD.length + KEY_BYTES];
    System.arraycopy(DER_HEAD, 0, der, 0, DER_HEAD.length);
    System.arraycopy(point, 0, der, DER_HEAD.length, KEY_BYTES);
    try {
      return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(der));
    } catch (InvalidKeySpecException e) {
      throw new KeySourceException("the issuer publishes a key of Ed25519 that is none", e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("the JDK has Ed25519 since version 15", e);
    }
  }
}
