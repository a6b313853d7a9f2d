package dev.qwenmcp.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** {@code bench-callers} from end to end; speeds themselves are nobody's business here. */
class BenchCallersCommandTest {
  @Test
  void letsCallersOfTheEmbeddedModelGenerateTogether() {
    CommandRun run =
        CommandRun.of(
            "bench-callers",
            "--callers",
            "1,3",
            "--prompt",
            "8",
            "--generate",
            "4",
            "--crowd",
            "6",
            "-r",
            "1");

    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("- machine: ", "- model: nano", "no guesses")
        .contains("| 1 | ", "| 3 | ", "| 6 | ", "| keys and values | ");
  }

  @Test
  void refusesWhatCannotBeMeasured() {
    assertThat(CommandRun.of("bench-callers", "--callers", "0").err()).contains("are at least 1");
    assertThat(CommandRun.of("bench-callers", "-r", "0").err()).contains("are at least 1");
    assertThat(CommandRun.of("bench-callers", "--callers", "8").err())
        .contains("8 callers at once need as many --slots, not 4");
  }
}
