package dev.qwenmcp.engine.kv.disk;

import java.util.concurrent.atomic.LongAdder;

/** What all folders of a tier did. */
final class TierCounters {
  private final LongAdder written = new LongAdder();
  private final LongAdder read = new LongAdder();
  private final LongAdder damaged = new LongAdder();
  private final LongAdder failed = new LongAdder();

  void wrote() {
    written.increment();
  }

  void read() {
    read.increment();
  }

  void damaged() {
    damaged.increment();
  }

  void failed() {
    failed.increment();
  }

  long writtenPages() {
    return written.sum();
  }

  long readPages() {
    return read.sum();
  }

  long damagedPages() {
    return damaged.sum();
  }

  long failedWrites() {
    return failed.sum();
  }
}
