package dev.qwenmcp.engine.batch;

import java.util.Objects;

/**
 * For whom a sequence is computed.
 *
 * @param name callers of different names take turns, whatever each of them asks for
 * @param priority what goes before what
 */
public record Caller(String name, Priority priority) {
  /** The one user of a process. */
  public static final Caller LOCAL = new Caller("local", Priority.INTERACTIVE);

  public Caller {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(priority, "priority");
  }
}
