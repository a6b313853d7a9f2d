package dev.qwenmcp.engine.batch;

/** Ends when a test says so. */
final class TestStop implements Stop {
  private final long nanosLeft;
  private volatile boolean now;
  private volatile Runnable wake = () -> {};

  TestStop(long nanosLeft) {
    this.nanosLeft = nanosLeft;
  }

  static TestStop whenTold() {
    return new TestStop(Long.MAX_VALUE);
  }

  void end() {
    now = true;
    wake.run();
  }

  @Override
  public boolean now() {
    return now || nanosLeft <= 0;
  }

  @Override
  public long nanosLeft() {
    return nanosLeft;
  }

  @Override
  public Listening listen(Runnable action) {
    wake = action;
    if (now) {
      action.run();
    }
    return () -> wake = () -> {};
  }
}
