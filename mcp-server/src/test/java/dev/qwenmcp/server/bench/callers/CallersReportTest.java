package dev.qwenmcp.server.bench.callers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qwenmcp.server.bench.Machine;
import dev.qwenmcp.server.bench.Sample;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

class CallersReportTest {
  private static final Machine MACHINE = new Machine("A CPU", 2, 1L << 30, "Linux", "25");

  private static String text(double four) {
    StringWriter text = new StringWriter();
    new CallersReport(
            MACHINE,
            List.of("as told"),
            List.of(
                new TogetherSpeed(1, new Sample(List.of(20.0, 21.0, 19.0))),
                new TogetherSpeed(4, new Sample(List.of(four)))))
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
  void aMissedGoalIsMarked() {
    assertThat(text(40)).contains("| 4 | 40.0 | ± 0.0 % | 2.00 | ≥ 2.20, missed |");
  }
}
