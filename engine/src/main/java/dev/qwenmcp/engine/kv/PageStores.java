package dev.qwenmcp.engine.kv;

/** Stores of all scopes. */
public interface PageStores extends AutoCloseable {
  /** Memory alone. */
  PageStores NONE =
      new PageStores() {
        @Override
        public PageStore store(PageKey root) {
          return PageStore.NONE;
        }

        @Override
        public StoreStatistics statistics() {
          return StoreStatistics.NONE;
        }

        @Override
        public void close() {}
      };

  /** The store of the scope with this root key; asks no disk. */
  PageStore store(PageKey root);

  StoreStatistics statistics();

  @Override
  void close();
}
