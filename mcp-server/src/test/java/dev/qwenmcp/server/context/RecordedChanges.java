package dev.qwenmcp.server.context;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;

/** Writes down what it hears. */
public final class RecordedChanges implements ContextListener {
  private static final long PATIENCE_NANOS = 20_000_000_000L;

  private final List<ContextChange> heard = new ArrayList<>();
  private final List<Long> missed = new ArrayList<>();

  @Override
  public synchronized void changed(ContextChange change) {
    heard.add(change);
    notifyAll();
  }

  @Override
  public synchronized void missed(long from, long to) {
    missed.add(from);
    missed.add(to);
    notifyAll();
  }

  /** Waits for so many changes; more, or any that were missed, are a failure. */
  public synchronized List<ContextChange> await(int count) throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    while (heard.size() < count && System.nanoTime() < deadline) {
      wait(100);
    }
    assertThat(missed).isEmpty();
    assertThat(heard).hasSize(count);
    return List.copyOf(heard);
  }

  public synchronized List<ContextChange> soFar() {
    return List.copyOf(heard);
  }

  public synchronized List<Long> missed() {
    return List.copyOf(missed);
  }
}
