package dev.qwenmcp.server.transport.http.security;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.factories.DefaultJWSVerifierFactory;
import com.nimbusds.jose.jca.JCAContext;
import com.nimbusds.jose.proc.JWSVerifierFactory;
import com.nimbusds.jose.util.Base64URL;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.interfaces.EdECPublicKey;
import java.util.HashSet;
import java.util.Set;

/**
 * What checks signatures: the library, and for Ed25519 the JDK, since the library's own way takes
 * another library of cryptography.
 */
final class SignatureVerifiers implements JWSVerifierFactory {
  private static final Set<JWSAlgorithm> EDWARDS = Set.of(JWSAlgorithm.EdDSA, JWSAlgorithm.Ed25519);

  private final DefaultJWSVerifierFactory others = new DefaultJWSVerifierFactory();

  @Override
  public JWSVerifier createJWSVerifier(JWSHeader header, Key key) throws JOSEException {
    return key instanceof EdECPublicKey edwards
        ? new Ed25519(edwards)
        : others.createJWSVerifier(header, key);
  }

  @Override
  public Set<JWSAlgorithm> supportedJWSAlgorithms() {
    Set<JWSAlgorithm> all = new HashSet<>(others.supportedJWSAlgorithms());
    all.addAll(EDWARDS);
    return all;
  }

  @Override
  public JCAContext getJCAContext() {
    return others.getJCAContext();
  }

  /** RFC 8037 with the JDK. */
  private record Ed25519(PublicKey key) implements JWSVerifier {
    @Override
    public boolean verify(JWSHeader header, byte[] input, Base64URL signature)
        throws JOSEException {
      if (header.getCriticalParams() != null) {
        return false; // something that has to be understood, and is not
      }
      try {
        Signature verifier = Signature.getInstance("Ed25519");
        verifier.initVerify(key);
        verifier.update(input);
        return verifier.verify(signature.decode());
      } catch (SignatureException e) {
        return false; // no signature, such as one of another length
      } catch (GeneralSecurityException e) {
        throw new JOSEException("Ed25519 cannot be checked: " + e.getMessage(), e);
      }
    }

    @Override
    public Set<JWSAlgorithm> supportedJWSAlgorithms() {
      return EDWARDS;
    }

    @Override
    public JCAContext getJCAContext() {
      return new JCAContext();
    }
  }
}
