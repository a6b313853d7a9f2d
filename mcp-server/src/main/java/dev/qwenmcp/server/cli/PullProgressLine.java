package dev.qwenmcp.server.cli;

import dev.qwenmcp.server.hub.ModelPull;
import dev.qwenmcp.server.hub.PullListener;
import java.io.PrintWriter;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;

/** Shows how a pull goes: a line that is rewritten on a terminal, else a line now and then. */
final class PullProgressLine implements PullListener, AutoCloseable {
  private static final long TERMINAL_NANOS = 200_000_000L;
  private static final long LOG_NANOS = 10_000_000_000L;

  /** Speed is that of the last while, so that a pause shows. */
  private static final long WINDOW_NANOS = 15_000_000_000L;

  private final PrintWriter err;
  private final boolean terminal;
  private final Deque<long[]> samples = new ArrayDeque<>(); // {time, bytes}
  private long shownAt;
  private boolean open;

  PullProgressLine(PrintWriter err, boolean terminal) {
    this.err = err;
    this.terminal = terminal;
  }

  @Override
  public void note(String what) {
    endLine();
    err.println(what);
    err.flush();
    samples.clear(); // what was there already is no speed
  }

  @Override
  public void progress(long done, long total) {
    long now = System.nanoTime();
    if (shownAt != 0 && now - shownAt < (terminal ? TERMINAL_NANOS : LOG_NANOS) && done < total) {
      return;
    }
    shownAt = now;
    if (!samples.isEmpty() && samples.getLast()[1] > done) {
      samples.clear(); // it began anew
    }
    samples.add(new long[] {now, done});
    while (samples.size() > 2 && now - samples.getFirst()[0] > WINDOW_NANOS) {
      samples.removeFirst();
    }
    String line = line(done, total, speed());
    if (terminal) {
      err.print("\r" + line + "\u001b[K");
      open = true;
    } else {
      err.println(line);
    }
    err.flush();
  }

  /** Bytes a second, 0 while unknown. */
  private double speed() {
    long[] first = samples.getFirst();
    long[] last = samples.getLast();
    return last[0] == first[0] ? 0 : (last[1] - first[1]) / ((last[0] - first[0]) / 1e9);
  }

  static String line(long done, long total, double speed) {
    String text =
        String.format(
            Locale.ROOT,
            "%3.0f %%  %s of %s",
            Math.floor(100.0 * done / Math.max(1, total)),
            ModelPull.inWords(done),
            ModelPull.inWords(total));
    if (speed < 1 || done >= total) {
      return text;
    }
    long seconds = (long) Math.ceil((total - done) / speed);
    return text
        + String.format(
            Locale.ROOT,
            "  %s/s  %s left",
            ModelPull.inWords((long) speed),
            seconds < 3600
                ? String.format(Locale.ROOT, "%d:%02d", seconds / 60, seconds % 60)
                : String.format(
                    Locale.ROOT, "%d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60));
  }

  private void endLine() {
    if (open) {
      err.println();
      open = false;
    }
  }

  @Override
  public void close() {
    endLine();
    err.flush();
  }
}
