package dev.qwenmcp.engine.kv;

/**
 * What it takes to have a page again once it is gone.
 *
 * @param tokenSeconds computing a token of a prompt, without attention
 * @param positionSeconds attention of one token to one earlier position
 * @param restoreSeconds reading a page back from the store
 */
public record PageCost(double tokenSeconds, double positionSeconds, double restoreSeconds) {

  /** Seconds to compute page {@code index} of a sequence whose earlier pages are there. */
  double recompute(int index) {
    double middle = KvLayout.PAGE_TOKENS * (index + 0.5);
    return KvLayout.PAGE_TOKENS * (tokenSeconds + positionSeconds * middle);
  }

  /** Seconds to have page {@code index} again. */
  double again(int index, boolean stored) {
    double compute = recompute(index);
    return stored ? Math.min(compute, restoreSeconds) : compute;
  }
}
