package dev.qwenmcp.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Starts a real server process with this test's class path. */
@Timeout(120)
class DemoCommandTest {
  @Test
  void showsTheWholeFlow() {
    CommandRun run = CommandRun.of("demo");

    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.out())
        .containsSubsequence(
            "connect",
            "tools        understand, label_set, retrieve, generate",
            "ingest",
            "11 searchable",
            "understand",
            "intent       restaurant_reservation",
            "context_id   ctx_",
            "retrieve",
            "[Booking a table in the restaurant]",
            "generate",
            "reply        ",
            "source       [Booking a table in the restaurant]",
            "The reply's sentence is by nano",
            "mcpServers");
    assertThat(run.out().lines()).allSatisfy(line -> assertThat(line).doesNotContain("null"));
  }

  @Test
  void answersAnotherQuestion() {
    CommandRun run = CommandRun.of("demo", "My", "airline", "lost", "my", "luggage");

    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.out()).contains("lost_luggage (").contains("[Lost luggage and lost property]");
  }

  @Test
  void failsWithTheServersOwnWordsWhenAStepFails() {
    CommandRun run = CommandRun.of("demo", "--model", "nowhere.gguf");

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err()).contains("no model nowhere.gguf");
  }

  @Test
  void wrapsLongLines() {
    assertThat(DemoReport.wrap("  ", "word ".repeat(40).strip()))
        .hasSize(3)
        .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(96))
        .allSatisfy(line -> assertThat(line).startsWith("  word"));
  }
}
