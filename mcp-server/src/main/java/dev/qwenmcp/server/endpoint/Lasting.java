package dev.qwenmcp.server.endpoint;

import dev.qwenmcp.server.job.Jobs;
import dev.qwenmcp.server.protocol.modern.StateKey;
import java.security.SecureRandom;
import java.util.Optional;

/**
 * What of a server outlives a request.
 *
 * @param jobs where calls go that go on without their client; closed by whoever made them
 * @param stateKey seals what travels through clients from request to request
 */
public record Lasting(Optional<Jobs> jobs, StateKey stateKey) {

  /** No jobs, and a key that ends with the server. */
  public static Lasting none() {
    return new Lasting(Optional.empty(), StateKey.random(new SecureRandom()));
  }
}
