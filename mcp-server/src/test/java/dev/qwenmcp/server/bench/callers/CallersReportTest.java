package dev.qwenmcp.server.bench.callers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qwenmcp.server.bench.Machine;
import dev.qwenmcp.server.bench.Sample;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CallersReportTest {
  private static final Machine MACHINE = new Machine("A CPU", 2, 1L << 30, "Linux", "25");

  private static String text(double four) {
    return text(four, Optional.empty());
  }

  private static String text(double four, Optional<Crowd> crowd) {
    StringWriter text = new StringWriter();
    new CallersReport(
            MACHINE,
            List.of("as told"),
            List.of(
                new TogetherSpeed(1, new Sample(List.of(20.0, 21.0, 19.0))),
                new TogetherSpeed(4, new Sample(List.of(four)))),
            crowd)
        .write(new PrintWriter(text));
    return text.toString();
  }

  @Test
  void comparesWithTheFirst() {
    assertThat(text(50))
        .contains("- machine: A CPU", "- as told", "times as many as 1")
        .contains("| 1 | 20.0 | ± 5.0 % | 1.00 | – |")
        .contains("| 4 | 50.0 | ± 0.0 % | 2.50 | ≥ 2.20 |");
  }

  @Test
  void aCrowdIsJudgedByItsSlowest() {
    long mib = 1 << 20;
    Crowd fair =
        new Crowd(
            new Sample(List.of(1.0, 2.0, 3.0)),
            4,
            Optional.of(new Crowd.Refusal(1, 2, Duration.ofSeconds(5))),
            new Crowd.Memory(100 * mib, 200 * mib, 300 * mib, 400 * mib));
    Crowd unfair =
        new Crowd(
            new Sample(List.of(1.0, 2.0, 6.0)),
            7,
            Optional.empty(),
            new Crowd.Memory(300 * mib, 200 * mib, 0, 0));

    assertThat(text(50, Optional.of(fair)))
        .contains("One more, with 1 running and 2 waiting, was told to retry after 5 s.")
        .contains("| 3 | 1.00 | 2.00 | 3.00 | 1.50 | ≤ 2 | 4.00 |")
        .contains("| keys and values | 100 | ≤ 200 |", "| process, 300 before | 400 | – |");
    assertThat(text(50, Optional.of(unfair)))
        .contains("| 3 | 1.00 | 2.00 | 6.00 | 3.00 | ≤ 2, missed | 7.00 |")
        .contains("| keys and values | 300 | ≤ 200, missed |")
        .contains("Nobody was turned away")
        .doesNotContain("process");
  }

  @Test
  void aMissedGoalIsMarked() {
    assertThat(text(40)).contains("| 4 | 40.0 | ± 0.0 % | 2.00 | ≥ 2.20, missed |");
  }
}
