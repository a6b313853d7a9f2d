package dev.qwenmcp.server.context.sql;

import dev.qwenmcp.server.context.StorageException;
import dev.qwenmcp.server.context.StorageException.Fault;
import java.sql.SQLException;
import java.util.Set;

/** What PostgreSQL's states mean, and what to do. */
final class PostgresFailures {
  private static final String CONNECTION = "08";
  private static final Set<String> STOPPING = Set.of("57P01", "57P02", "57P03", "53300");
  private static final Set<String> COLLISION = Set.of("40001", "40P01");
  private static final Set<String> FULL = Set.of("53100", "53200");
  private static final Set<String> READ_ONLY = Set.of("25006", "42501");
  private static final Set<String> DAMAGED = Set.of("XX001", "XX002");
  private static final Set<String> LOCKED = Set.of("55P03", "57014");

  private PostgresFailures() {}

  private static String state(SQLException failure) {
    return failure.getSQLState() == null ? "" : failure.getSQLState();
  }

  /** Whether the connection is lost or could not be had. */
  static boolean isUnreachable(SQLException failure) {
    return state(failure).startsWith(CONNECTION) || STOPPING.contains(state(failure));
  }

  /** Whether two transactions were in each other's way, so that one had to be undone. */
  static boolean isCollision(SQLException failure) {
    return COLLISION.contains(state(failure));
  }

  static StorageException of(SQLException failure, PostgresSettings settings) {
    String place = settings.place();
    String state = state(failure);
    if (isUnreachable(failure)) {
      return unreachable(place, failure);
    }
    if (FULL.contains(state)) {
      return new StorageException(
          Fault.FULL, "%s has no space left: free some on its server".formatted(place), failure);
    }
    if (READ_ONLY.contains(state)) {
      return new StorageException(
          Fault.READ_ONLY,
          "%s may not be written (%s): use its primary server and a user with the rights"
              .formatted(place, failure.getMessage()),
          failure);
    }
    if (COLLISION.contains(state) || LOCKED.contains(state)) {
      return new StorageException(
          Fault.BUSY, "%s was locked for too long; try again".formatted(place), failure);
    }
    if (DAMAGED.contains(state)) {
      return new StorageException(
          Fault.DAMAGED,
          "%s is damaged (%s): restore a copy".formatted(place, failure.getMessage()),
          failure);
    }
    return new StorageException(
        Fault.IO, "%s failed (%s)".formatted(place, failure.getMessage()), failure);
  }

  static StorageException unreachable(String place, Exception failure) {
    return new StorageException(
        Fault.UNREACHABLE,
        "%s does not answer (%s): start it, or check address and password"
            .formatted(place, failure.getMessage()),
        failure);
  }
}
