package dev.qwenmcp.server.flow;

import java.util.function.Supplier;

/** A value that is made when it is first asked for, once; safe for many threads. */
final class LazyValue<T> implements Supplier<T> {
  private final Supplier<T> maker;
  private volatile T value;

  LazyValue(Supplier<T> maker) {
    this.maker = maker;
  }

  @Override
  public T get() {
    if (value == null) {
      synchronized (this) {
        if (value == null) {
          value = maker.get();
        }
      }
    }
    return value;
  }
}
