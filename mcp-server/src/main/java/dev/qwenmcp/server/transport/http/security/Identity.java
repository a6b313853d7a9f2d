package dev.qwenmcp.server.transport.http.security;

import dev.qwenmcp.server.transport.Principals;
import java.util.Set;

/**
 * Who sent a request.
 *
 * @param principal whose contexts, collections and jobs it sees; never equal for two that are not
 *     the same
 * @param grants what it may do
 */
public record Identity(String principal, Set<Grant> grants) {
  /** The user who starts the program, over standard input too. */
  public static final Identity LOCAL =
      new Identity(Principals.LOCAL, Set.of(Grant.USE, Grant.OPERATE));

  /** Whoever reaches a server that asks nobody who he is; sees nothing of the local user's. */
  public static final Identity ANYBODY = new Identity("anybody", Set.of(Grant.USE, Grant.OPERATE));

  public Identity {
    grants = Set.copyOf(grants);
  }
}
