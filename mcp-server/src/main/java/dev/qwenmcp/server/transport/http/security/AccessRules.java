package dev.qwenmcp.server.transport.http.security;

import java.util.Optional;
import java.util.Set;

/**
 * What a path asks of those who request it.
 *
 * @param open exact paths that are answered to everybody
 * @param operations exact paths that need {@link Grant#OPERATE}; all others need {@link Grant#USE}
 */
public record AccessRules(Set<String> open, Set<String> operations) {
  public AccessRules {
    open = Set.copyOf(open);
    operations = Set.copyOf(operations);
  }

  /**
   * @param path decoded
   * @return empty if nothing is asked
   */
  Optional<Grant> needed(String path) {
    if (open.contains(path)) {
      return Optional.empty();
    }
    return Optional.of(operations.contains(path) ? Grant.OPERATE : Grant.USE);
  }
}
