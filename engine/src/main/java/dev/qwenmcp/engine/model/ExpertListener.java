package dev.qwenmcp.engine.model;

import java.lang.foreign.MemorySegment;

/** Hears which experts the routers of a mixture choose; never called for dense models. */
@FunctionalInterface
public interface ExpertListener {
  /** Nobody listens: the kernels do not write their choices down. */
  ExpertListener NONE = (_, _) -> {};

  /**
   * A layer has chosen. Called while others wait for the kernels, on any thread, so it only counts.
   *
   * @param layer from 0
   * @param experts int32 (n, used): the experts of each token that was computed, valid during the
   *     call
   */
  void chose(int layer, MemorySegment experts);
}
