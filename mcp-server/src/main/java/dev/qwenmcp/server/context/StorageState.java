package dev.qwenmcp.server.context;

/**
 * Where a store keeps what is written now.
 *
 * @param durable whether it outlives this process
 * @param place the database, for people
 * @param trouble why it is not durable and what to do, empty if it is
 */
public record StorageState(boolean durable, String place, String trouble) {
  static final StorageState MEMORY = new StorageState(false, "memory of this process", "");

  /** Kept in a database. */
  public static StorageState durable(String place) {
    return new StorageState(true, place, "");
  }
}
