package dev.qwenmcp.engine.kv;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/** Where pages of one scope outlast the memory; safe for many threads. */
public interface PageStore {
  /** One that keeps nothing. */
  PageStore NONE =
      new PageStore() {
        @Override
        public Optional<PageEntry> nearest(PageKey parent, int[] tokens) {
          return Optional.empty();
        }

        @Override
        public boolean contains(PageKey key) {
          return false;
        }

        @Override
        public boolean read(PageEntry entry, MemorySegment target) {
          return false;
        }

        @Override
        public void write(PageEntry entry, MemorySegment page) {}

        @Override
        public boolean writable() {
          return false;
        }

        @Override
        public void touch(PageKey key) {}
      };

  /**
   * The page after {@code parent} that begins like {@code tokens} for longest.
   *
   * @param tokens 1 to 64 ids
   * @return empty if none shares the first id
   */
  Optional<PageEntry> nearest(PageKey parent, int[] tokens);

  /** Whether the page is there as far as is known; asks no disk. */
  boolean contains(PageKey key);

  /**
   * Reads a page's bytes.
   *
   * @param target of the page's size; arbitrary where the result is false
   * @return false if the page turned out to be damaged or gone; it is not offered again
   */
  boolean read(PageEntry entry, MemorySegment target);

  /**
   * Keeps a page; does nothing if it is there already.
   *
   * @throws IOException if it cannot be written now
   */
  void write(PageEntry entry, MemorySegment page) throws IOException;

  /** Whether writing has a point at all. */
  boolean writable();

  /** Notes that the page is in use, so that others go before it. */
  void touch(PageKey key);
}
