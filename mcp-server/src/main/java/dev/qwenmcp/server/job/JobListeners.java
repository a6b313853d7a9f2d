package dev.qwenmcp.server.job;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Those who want to hear how jobs of this process stand. */
public final class JobListeners {
  private final List<Consumer<Job>> all = new CopyOnWriteArrayList<>();

  /** Ends the hearing. */
  public interface Registration extends AutoCloseable {
    @Override
    void close();
  }

  /**
   * Hears of the beginning, the questions and the end of every job of this process, whosever it is.
   *
   * @param listener must not wait, and not fail
   */
  public Registration add(Consumer<Job> listener) {
    all.add(listener);
    return () -> all.remove(listener);
  }

  void changed(Job job) {
    all.forEach(listener -> listener.accept(job));
  }
}
