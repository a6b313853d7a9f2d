package dev.qwenmcp.server.transport.http.security;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bearer tokens that this program made: {@code qmcp_} and 256 random bits in Base64.
 *
 * <p>The file is looked at again whenever it has changed, so a token that was revoked is refused
 * from the next request on, and while the file cannot be used, all are.
 */
public final class StaticTokens implements TokenVerifier {
  private static final Logger LOG = LoggerFactory.getLogger(StaticTokens.class);
  private static final String PREFIX = "qmcp_";
  private static final int RANDOM_BYTES = 32;

  private final TokenFile file;
  private volatile Known known = new Known(null, List.of(), "");

  /** Tells one state of the file from another. */
  private record Stamp(Object key, long modified, long size) {}

  /**
   * What was read.
   *
   * @param trouble why nothing could be, else empty
   */
  private record Known(Stamp stamp, List<StoredToken> tokens, String trouble) {}

  public StaticTokens(TokenFile file) {
    this.file = file;
  }

  /**
   * Makes a token and keeps its hash.
   *
   * @return the token, which nobody can get back later
   * @throws IllegalArgumentException if the name is none or taken
   */
  public static String create(
      TokenFile file, String name, Set<Grant> grants, SecureRandom random, InstantSource clock)
      throws IOException {
    byte[] bytes = new byte[RANDOM_BYTES];
    random.nextBytes(bytes);
    String token = PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    StoredToken stored =
        new StoredToken(name, HexFormat.of().formatHex(hash(token)), clock.instant(), grants);
    file.change(tokens -> {
      if (tokens.stream().anyMatch(other -> other.name().equals(name))) {
        throw new IllegalArgumentException(
            "there is a token %s; revoke it first, or choose another name".formatted(name));
      }
      List<StoredToken> more = new ArrayList<>(tokens);
      more.add(stored);
      return more;
    });
    return token;
  }

  /**
   * Takes a token away from whoever has it; what belongs to its principal stays.
   *
   * @throws IllegalArgumentException if there is none of that name
   */
  public static void revoke(TokenFile file, String name) throws IOException {
    file.change(tokens -> {
      List<StoredToken> rest = tokens.stream().filter(token -> !token.name().equals(name)).toList();
      if (rest.size() == tokens.size()) {
        throw new IllegalArgumentException(
            "there is no token '%s'; qwen-mcp token list names them".formatted(name));
      }
      return rest;
    });
  }

  private static byte[] hash(String token) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  @Override
  public boolean recognises(String token) {
    return token.startsWith(PREFIX);
  }

  @Override
  public TokenCheck check(String token) {
    Known now = current();
    if (!now.trouble().isEmpty()) {
      return new TokenCheck.Unavailable(now.trouble());
    }
    byte[] hash = hash(token);
    StoredToken found = null;
    for (StoredToken each : now.tokens()) { // all of them, so that the time tells nothing
      if (MessageDigest.isEqual(hash, HexFormat.of().parseHex(each.sha256()))) {
        found = each;
      }
    }
    return found == null
        ? new TokenCheck.Rejected("no such token: unknown or revoked")
        : new TokenCheck.Accepted(found.identity());
  }

  private Known current() {
    Stamp stamp = stamp();
    Known before = known;
    if (Objects.equals(stamp, before.stamp())) {
      return before;
    }
    Known now;
    try {
      now = new Known(stamp, file.read(), "");
    } catch (IOException e) {
      LOG.error("No token is accepted: {}", e.getMessage());
      now = new Known(stamp, List.of(), Objects.toString(e.getMessage(), e.toString()));
    }
    known = now;
    return now;
  }

  /** Null where there is no file, or none that can be looked at. */
  private Stamp stamp() {
    try {
      BasicFileAttributes attributes = Files.readAttributes(file.path(), BasicFileAttributes.class);
      return new Stamp(
          attributes.fileKey(), attributes.lastModifiedTime().toMillis(), attributes.size());
    } catch (NoSuchFileException e) {
      return null;
    } catch (IOException e) {
      return new Stamp(e.toString(), 0, 0);
    }
  }
}
