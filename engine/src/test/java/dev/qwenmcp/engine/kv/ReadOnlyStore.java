package dev.qwenmcp.engine.kv;

import java.io.IOException;
import java.lang.foreign.MemorySegment;

/** A store that is asked for pages alone. */
interface ReadOnlyStore extends PageStore {
  @Override
  default boolean contains(PageKey key) {
    return false;
  }

  @Override
  default void write(PageEntry entry, MemorySegment page) throws IOException {
    throw new IOException("read-only");
  }

  @Override
  default boolean writable() {
    return false;
  }

  @Override
  default void touch(PageKey key) {}
}
