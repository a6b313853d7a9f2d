package dev.qwenmcp.server.transport.http.security;

import java.time.Instant;
import java.util.EnumSet;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What is kept of a bearer token, from which nobody gets the token back.
 *
 * <p>A token is 256 random bits, so one round of SHA-256 is enough: there is nothing to guess.
 *
 * @param name of the principal, {@code token:NAME}
 * @param sha256 of the token, in hexadecimal
 * @param created when it was made
 * @param grants what it is good for
 */
public record StoredToken(String name, String sha256, Instant created, Set<Grant> grants) {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
  private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");

  /**
   * @throws IllegalArgumentException if the name is none, the hash is none, or nothing is granted
   */
  public StoredToken {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "a token's name has 1 to 64 letters, digits, '.', '_' and '-', and '"
              + name
              + "' has not");
    }
    if (!HASH.matcher(sha256).matches()) {
      throw new IllegalArgumentException("expected a SHA-256 of 64 hexadecimal digits");
    }
    if (grants.isEmpty()) {
      throw new IllegalArgumentException("token " + name + " is good for nothing");
    }
    grants = Set.copyOf(EnumSet.copyOf(grants));
  }

  /** Whom it stands for. */
  public Identity identity() {
    return new Identity("token:" + name, grants);
  }
}
