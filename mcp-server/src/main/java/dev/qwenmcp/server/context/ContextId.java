package dev.qwenmcp.server.context;

import java.security.SecureRandom;
import java.util.Base64;

/** Opaque handle of a context: {@code ctx_} and 160 random bits in URL-safe base 64. */
public record ContextId(String value) {
  private static final int BYTES = 20;

  public static ContextId random(SecureRandom random) {
    byte[] bytes = new byte[BYTES];
    random.nextBytes(bytes);
    return new ContextId("ctx_" + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
  }

  @Override
  public String toString() {
    return value;
  }
}
