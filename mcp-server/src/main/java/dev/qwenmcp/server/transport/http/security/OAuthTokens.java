package dev.qwenmcp.server.transport.http.security;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.source.RateLimitReachedException;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import java.text.ParseException;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Set;

/**
 * Access tokens of an OAuth 2.1 authorization server, as JWTs (RFC 9068): signature, issuer,
 * audience and time are checked, and the principal is the issuer's subject.
 *
 * <p>Only algorithms with a private key are taken, whatever a token's header says, so that neither
 * an unsigned token nor one that is signed with the public key passes.
 */
public final class OAuthTokens implements TokenVerifier {
  /** Besides those of Ed25519. */
  private static final Set<JWSAlgorithm> ALGORITHMS =
      Set.of(
          JWSAlgorithm.RS256,
          JWSAlgorithm.RS384,
          JWSAlgorithm.RS512,
          JWSAlgorithm.PS256,
          JWSAlgorithm.PS384,
          JWSAlgorithm.PS512,
          JWSAlgorithm.ES256,
          JWSAlgorithm.ES384,
          JWSAlgorithm.ES512);

  /** The longest subject that OpenID Connect allows. */
  private static final int MOST_SUBJECT = 255;

  private static final int SKEW_SECONDS = 30;

  private final OAuthSettings settings;
  private final DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();

  /**
   * @param clock says what is expired
   */
  public OAuthTokens(OAuthSettings settings, InstantSource clock) {
    this.settings = settings;
    processor.setJWSTypeVerifier(
        new DefaultJOSEObjectTypeVerifier<>(
            new JOSEObjectType("at+jwt"),
            new JOSEObjectType("application/at+jwt"),
            JOSEObjectType.JWT,
            null));
    processor.setJWSKeySelector(new SigningKeys(ALGORITHMS, new IssuerKeys(settings, clock)));
    processor.setJWSVerifierFactory(new SignatureVerifiers());
    processor.setJWTClaimsSetVerifier(new Claims(settings, clock));
  }

  /** Claims of a token for this server from its issuer, by a clock that is passed in. */
  private static final class Claims extends DefaultJWTClaimsVerifier<SecurityContext> {
    private final InstantSource clock;

    Claims(OAuthSettings settings, InstantSource clock) {
      super(
          Set.of(settings.audience()),
          new JWTClaimsSet.Builder().issuer(settings.issuer().toString()).build(),
          Set.of("sub", "exp"),
          Set.of());
      this.clock = clock;
      setMaxClockSkew(SKEW_SECONDS);
    }

    @Override
    protected Date currentTime() {
      return Date.from(clock.instant());
    }
  }

  /** Three parts in Base64: all that is no token of another kind. */
  @Override
  public boolean recognises(String token) {
    return token.chars().filter(c -> c == '.').count() == 2;
  }

  @Override
  public TokenCheck check(String token) {
    try {
      JWTClaimsSet claims = processor.process(token, null);
      String subject = claims.getSubject();
      if (subject.isBlank()
          || subject.length() > MOST_SUBJECT
          || subject.chars().anyMatch(Character::isISOControl)) {
        return new TokenCheck.Rejected("a subject that is none");
      }
      if (!settings.scope().isEmpty() && !scopes(claims).contains(settings.scope())) {
        return new TokenCheck.TooNarrow(settings.scope());
      }
      return new TokenCheck.Accepted(
          new Identity("oauth:" + settings.issuer() + "#" + subject, Set.of(Grant.USE)));
    } catch (RateLimitReachedException e) {
      return new TokenCheck.Rejected("a key that was not among those just fetched");
    } catch (KeySourceException e) {
      return new TokenCheck.Unavailable(e.getMessage());
    } catch (ParseException | BadJOSEException | JOSEException e) {
      return new TokenCheck.Rejected(String.valueOf(e.getMessage()));
    }
  }

  /** {@code scope} as one text of words, or {@code scp} as some servers write it. */
  private static List<String> scopes(JWTClaimsSet claims) throws ParseException {
    Object scope = claims.getClaim(claims.getClaim("scope") == null ? "scp" : "scope");
    return scope instanceof String words
        ? Arrays.asList(words.split(" "))
        : claims.getClaim("scope") == null && scope instanceof List<?>
            ? claims.getStringListClaim("scp")
            : List.of();
  }
}
