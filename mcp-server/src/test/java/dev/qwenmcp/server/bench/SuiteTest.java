package dev.qwenmcp.server.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SuiteTest {
  @TempDir private Path folder;

  private final List<String> measured = new ArrayList<>();
  private Suite suite;

  @BeforeEach
  void create() {
    suite =
        new Suite(
            folder,
            SuiteEntry.all(),
            (file, plan, copying) -> {
              measured.add(file.getFileName() + " " + plan.workloads().size() + " " + copying);
              return report(plan);
            });
  }

  private static Report report(BenchRun.Plan plan) {
    List<Measurement> rows =
        plan.workloads().stream()
            .map(work ->
                new Measurement(
                    2,
                    work,
                    0,
                    new Limits(Optional.empty()),
                    new Cost(1e6, 1e6),
                    Map.of(
                        Measurement.OWN,
                        new Sample(List.of(120.0)),
                        "llama.cpp, flash attention",
                        new Sample(List.of(100.0)))))
            .toList();
    return new Report(
        new Machine("A CPU", 2, 1L << 30, "Linux", "25"), "m", List.of(), rows, Report.Extras.NONE);
  }

  @Test
  void measuresTheModelsThatAreThere() throws Exception {
    Files.createFile(folder.resolve("moe-mid-Q4_K_M.gguf"));
    Files.write(folder.resolve("qwen3-0.6b-Q8_0.gguf"), new byte[1]);

    Suite.Outcome outcome = suite.run(1);

    assertThat(measured)
        .as("the largest file first")
        .containsExactly(
            "qwen3-0.6b-Q8_0.gguf 2 false",
            "moe-mid-Q4_K_M.gguf 4 false",
            "moe-mid-Q4_K_M.gguf 2 true");
    assertThat(outcome.rows()).extracting(row -> row.entry().shape()).startsWith("moe-mid");
    StringWriter text = new StringWriter();
    new SuiteReport(new PrintWriter(text)).write(outcome);
    assertThat(text.toString())
        .contains("| moe-mid Q4_K_M | prompt 512 at 4096 | 120 |")
        .contains("| 100 | 1.20 | ≥ 3.00 |")
        .contains("no file: `qwen-mcp synth qwen3-30b-a3b Q4_K_M qwen3-30b-a3b-Q4_K_M.gguf`");
  }

  @Test
  void saysWhatAMixtureCostsMoreThanItsActiveWeights() throws Exception {
    Files.createFile(folder.resolve("qwen3-30b-a3b-Q4_K_M.gguf"));
    Files.createFile(folder.resolve("qwen3-30b-active-Q4_K_M.gguf"));

    StringWriter text = new StringWriter();
    new SuiteReport(new PrintWriter(text)).write(suite.run(1));

    assertThat(text.toString())
        .contains("| qwen3-30b-active Q4_K_M | prompt 512 | 120 |", "| 1.20 | – |")
        .contains("takes 0 % more time than one of a dense model of its active size");
  }

  @Test
  void saysHowToWriteTheModels() {
    assertThatThrownBy(() -> suite.run(1))
        .isInstanceOf(BenchException.class)
        .hasMessageContaining("qwen-mcp synth moe-mid Q8_0 moe-mid-Q8_0.gguf");
  }
}
