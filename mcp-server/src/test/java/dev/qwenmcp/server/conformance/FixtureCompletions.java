package dev.qwenmcp.server.conformance;

import dev.qwenmcp.server.protocol.Completions;
import java.util.List;

/** Proposes a few cities for everything. */
final class FixtureCompletions implements Completions {
  @Override
  public List<String> complete(String principal, Query query) {
    return List.of("paris", "park", "party").stream()
        .filter(value -> value.startsWith(query.begun()))
        .toList();
  }
}
