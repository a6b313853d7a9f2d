package dev.qwenmcp.server.remote;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;

/** One server of a remote model, with a breaker that leaves it alone while it fails. */
final class Address {
  /** Calls of which half must fail before the address is left alone. */
  private static final int WINDOW = 10;

  private static final int LEAST_CALLS = 2;

  private final URI base;
  private final CircuitBreaker breaker;

  Address(URI base, Duration openFor) {
    this.base = base;
    this.breaker =
        CircuitBreaker.of(
            base.toString(),
            CircuitBreakerConfig.custom()
                .slidingWindowType(CircuitBreakerConfig.SlidingWindowType.COUNT_BASED)
                .slidingWindowSize(WINDOW)
                .minimumNumberOfCalls(LEAST_CALLS)
                .failureRateThreshold(50)
                .permittedNumberOfCallsInHalfOpenState(1)
                .waitDurationInOpenState(openFor)
                .build());
  }

  CircuitBreaker breaker() {
    return breaker;
  }

  URI chatCompletions() {
    String path = base.toString();
    return URI.create((path.endsWith("/") ? path : path + "/") + "chat/completions");
  }

  /** Host and port alone: the rest may be nobody's business. */
  String shown() {
    return base.getHost() + (base.getPort() < 0 ? "" : ":" + base.getPort());
  }

  /**
   * Addresses in the order in which a key tries them: rendezvous hashing (Thaler and Ravishankar
   * 1998), so that an address that comes or goes moves only its own keys.
   */
  static List<Address> inOrder(List<Address> addresses, String key) {
    return addresses.stream()
        .sorted(Comparator.comparingLong((Address address) -> address.weight(key)).reversed())
        .toList();
  }

  private long weight(String key) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest((base + "\n" + key).getBytes(StandardCharsets.UTF_8));
      long weight = 0;
      for (int i = 0; i < Long.BYTES; i++) {
        weight = weight << 8 | digest[i] & 0xff;
      }
      return weight;
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
