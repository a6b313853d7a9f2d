package dev.qwenmcp.server.bench;

import java.io.IOException;
import java.util.List;

/** Another process whose threads compute without pause, as a user's other programs may. */
final class BusyCores implements AutoCloseable {
  private final Process child;

  private BusyCores(Process child) {
    this.child = child;
  }

  /** Returns when all threads compute. */
  static BusyCores start(ChildCommand self, int threads) throws BenchException {
    try {
      Process child =
          self.with(List.of(Spinning.COMMAND, Integer.toString(threads)))
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      if (child.getInputStream().read() < 0) {
        throw new BenchException("the process that keeps cores busy did not start; see above");
      }
      return new BusyCores(child);
    } catch (IOException e) {
      throw new BenchException("cannot start a process that keeps cores busy: " + e, e);
    }
  }

  @Override
  public void close() {
    ChildCommand.end(child);
  }
}
