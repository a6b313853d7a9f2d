package dev.qwenmcp.engine.batch;

/** When work has to end, whether it waits or runs; safe for many threads. */
public interface Stop {
  /** It never has to. */
  Stop NEVER =
      new Stop() {
        @Override
        public boolean now() {
          return false;
        }

        @Override
        public long nanosLeft() {
          return Long.MAX_VALUE;
        }

        @Override
        public Listening listen(Runnable wake) {
          return () -> {};
        }
      };

  /** Whether it has to end; once true, it stays so. */
  boolean now();

  /** Nanoseconds until that becomes true by itself; {@link Long#MAX_VALUE} for never. */
  long nanosLeft();

  /**
   * Hears of an end that comes earlier.
   *
   * @param wake called on any thread, at once if it has come
   */
  Listening listen(Runnable wake);

  /** Until closed, somebody hears. */
  interface Listening extends AutoCloseable {
    @Override
    void close();
  }
}
