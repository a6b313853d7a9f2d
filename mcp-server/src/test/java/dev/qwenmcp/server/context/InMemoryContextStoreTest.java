package dev.qwenmcp.server.context;

import java.security.SecureRandom;
import java.time.InstantSource;

class InMemoryContextStoreTest extends ContextStoreContract {
  @Override
  protected ContextStore create(ContextLimits limits, InstantSource clock, SecureRandom random) {
    return new InMemoryContextStore(limits, clock, random);
  }
}
