package dev.qwenmcp.engine.batch;

import dev.qwenmcp.engine.kv.PagePool;

/** The pages of keys and values that running sequences share. */
interface PageBudget {
  /** Most pages at a time. */
  long most();

  /** Pages that nobody else can have at the moment, those of running sequences included. */
  long busy();

  /** Bytes of a page, for messages. */
  long pageBytes();

  /** The pages of a pool. */
  static PageBudget of(PagePool pool) {
    return new PageBudget() {
      @Override
      public long most() {
        return pool.maxPages();
      }

      @Override
      public long busy() {
        return pool.busyPages();
      }

      @Override
      public long pageBytes() {
        return pool.layout().pageBytes();
      }
    };
  }
}
