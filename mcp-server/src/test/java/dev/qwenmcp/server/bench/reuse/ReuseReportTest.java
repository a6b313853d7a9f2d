package dev.qwenmcp.server.bench.reuse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qwenmcp.server.bench.Machine;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReuseReportTest {
  private static final Machine MACHINE = new Machine("A CPU", 2, 1L << 30, "Linux", "25");

  private static ReuseRow.Measured measured(int cached, int restored, double seconds) {
    return new ReuseRow.Measured(
        4025, new Reading(4100, cached, restored, seconds, seconds), 10, Optional.empty(), 0);
  }

  private static ReuseRow.Measured beside(double seconds, double peerSeconds) {
    return new ReuseRow.Measured(
        4025,
        new Reading(4100, 4025, 0, seconds, seconds),
        10,
        Optional.of(new Reading(4100, 4025, 0, peerSeconds, peerSeconds)),
        40);
  }

  private static String text(ReuseRow... rows) {
    StringWriter text = new StringWriter();
    new ReuseReport(MACHINE, "m", List.of("as told"), List.of(rows)).write(new PrintWriter(text));
    return text.toString();
  }

  @Test
  void goalsStandBesideTheFigures() {
    String text =
        text(
            new ReuseRow("cold", Call.Phase.COLD, List.of(measured(25, 0, 10))),
            new ReuseRow("warm", Call.Phase.WARM, List.of(measured(4025, 0, 0.25))),
            new ReuseRow("back", Call.Phase.RESTORED, List.of(measured(4025, 4000, 0.9))));

    assertThat(text)
        .contains("- machine: A CPU", "- model: m", "- as told")
        .contains("| cold | 1 | 4100 | 25 | 0 | 4075 | – | 10.00 | 10.00 | 100.0 % | – |")
        .contains("| warm | 1 | 4100 | 4025 | 0 | 75 | ≤ 139 | 0.250 | 0.250 | 2.5 % | ≤ 5 % |")
        .contains("| back | 1 | 4100 | 4025 | 4000 | 75 | ≤ 139 | 0.900 | 0.900 | 9.0 % | ≤ 10 % |")
        .doesNotContain("missed", "llama.cpp");
  }

  @Test
  void aMissedGoalIsMarked() {
    // Of three calls, the median time is within the goal and one prefill is not.
    String text =
        text(
            new ReuseRow(
                "warm",
                Call.Phase.WARM,
                List.of(measured(4025, 0, 0.2), measured(3900, 0, 0.3), measured(4025, 0, 0.9))),
            new ReuseRow("slow", Call.Phase.RESTORED, List.of(measured(4025, 4025, 1.5))));

    assertThat(text)
        .contains("| 200 | ≤ 139, missed | 0.300 | 0.300 | 3.0 % | ≤ 5 % |")
        .contains("| 75 | ≤ 139 | 1.50 | 1.50 | 15.0 % | ≤ 10 %, missed |");
  }

  @Test
  void thePeerHasItsOwnColdTime() {
    String text = text(new ReuseRow("warm", Call.Phase.WARM, List.of(beside(0.25, 1))));

    assertThat(text)
        .contains("| llama.cpp, s | of its cold | llama.cpp / ours |")
        .contains("| ≤ 5 % | 1.00 | 2.5 % | 4.00 |\n");
  }
}
