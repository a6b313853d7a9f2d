package dev.qwenmcp.server.model;

import dev.qwenmcp.engine.Cancellation;

/** A model of an {@link EngineRoom}; safe for many threads. */
public final class SharedEngine implements AutoCloseable {
  private static final Cancellation NEVER = new Cancellation();

  private final ModelSlot slot;

  SharedEngine(ModelSlot slot) {
    this.slot = slot;
  }

  /**
   * The use of it, loading it if need be.
   *
   * @throws ModelException if it cannot be loaded, or is closed; its cause is a {@link
   *     ModelMemoryException} where others keep its room
   */
  public ModelLease lease() throws ModelException, InterruptedException {
    return slot.lease(_ -> {}, NEVER);
  }

  /** Frees it; leases end first. */
  @Override
  public void close() {
    slot.close();
  }
}
