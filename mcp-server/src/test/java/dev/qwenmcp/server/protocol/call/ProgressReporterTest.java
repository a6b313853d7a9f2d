package dev.qwenmcp.server.protocol.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.test.scheduler.VirtualTimeScheduler;

class ProgressReporterTest {
  private final VirtualTimeScheduler clock = VirtualTimeScheduler.create();
  private final List<String> sent = new ArrayList<>();
  private final ProgressReporter reporter =
      new ProgressReporter(
          (progress, total, message) -> sent.add(progress + "/" + total + " " + message),
          clock,
          Duration.ofMillis(100));

  private void pass(long millis) {
    clock.advanceTimeBy(Duration.ofMillis(millis));
  }

  @Test
  void sendsTheFirstAtOnceAndTheLastOfABurstWhenItsTimeHasCome() {
    reporter.report(1, 10.0, "a");
    reporter.report(2, 10.0, "b");
    pass(50);
    reporter.report(3, null, "c");
    assertThat(sent).containsExactly("1.0/10.0 a");

    pass(50);
    assertThat(sent).containsExactly("1.0/10.0 a", "3.0/null c");
    pass(1000);
    assertThat(sent).hasSize(2);
  }

  @Test
  void sendsAtMostTenASecond() {
    for (int i = 1; i <= 10_000; i++) {
      reporter.report(i, null, null);
      pass(1);
    }

    // One at the start and one at each tenth of the ten seconds.
    assertThat(sent).hasSize(101);
  }

  @Test
  void dropsWhatDoesNotRiseAndWhatIsNoNumber() {
    reporter.report(5, null, "a");
    pass(1000);
    reporter.report(5, null, "b");
    reporter.report(4, null, "c");
    reporter.report(Double.NaN, null, "d");
    reporter.report(Double.POSITIVE_INFINITY, null, "e");
    reporter.report(6, Double.NaN, "f");
    pass(1000);

    assertThat(sent).containsExactly("5.0/null a", "6.0/null f");
  }

  @Test
  void isSilentOnceClosed() {
    reporter.report(1, null, "a");
    reporter.report(2, null, "b");
    reporter.close();
    pass(1000);
    reporter.report(3, null, "c");

    assertThat(sent).containsExactly("1.0/null a");
  }
}
