package dev.qwenmcp.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qwenmcp.engine.gguf.GgmlType;
import dev.qwenmcp.engine.synth.ModelShape;
import dev.qwenmcp.engine.testmodel.RandomModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code bench} from end to end; speeds themselves are nobody's business here. */
class BenchCommandTest {
  @TempDir private Path folder;

  @Test
  void measuresTheEmbeddedModelInEveryCombination() throws Exception {
    Path csv = folder.resolve("x.csv");

    CommandRun run =
        CommandRun.of(
            "bench",
            "--prompt",
            "8,16",
            "--generate",
            "4",
            "--depth",
            "0,70",
            "--batch",
            "1,3",
            "--threads",
            "1,2",
            "-r",
            "1",
            "--busy",
            "1",
            "--csv",
            csv.toString());

    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.out())
        .contains(
            "- machine: ",
            "- model: nano",
            "limits (medians, measured before every run), 2 threads: reads")
        .contains("| 1 | prompt 8 |", "| 2 | generate 4 x 3 at 70 |")
        .contains("of the free machine's");
    // 2 threads x 2 depths x (2 prompts + 2 batches), free and busy, below a header.
    assertThat(Files.readAllLines(csv)).hasSize(1 + 2 * 2 * 4 * 2);
  }

  @Test
  void measuresCopyingWork() throws Exception {
    Path model = model();

    CommandRun run =
        CommandRun.of(
            "bench", model.toString(), "--prompt", "0", "--generate", "0", "--copying", "-r", "1");

    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.out()).contains("a passage of 300 tokens", "tokens to JSON", "| ratio |");
  }

  @Test
  void measuresMemoryAndWhetherSpeedLasts() throws Exception {
    Path model = model();

    CommandRun run =
        CommandRun.of(
            "bench",
            model.toString(),
            "--prompt",
            "4",
            "--generate",
            "0",
            "--depth",
            "0,700",
            "-r",
            "1",
            "--memory",
            "--minutes",
            "0.001");

    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("| prompt 4 at 700 |", "more for each 1,024 of depth", "| 188 |");
    assertThat(run.out().lines().filter(l -> l.matches("\\| \\d+ \\| 0\\.0 \\|.*"))).hasSize(6);
  }

  @Test
  void theJavaKernelsHaveNoMeasuredLimits() {
    CommandRun run =
        CommandRun.of("bench", "--kernels", "java", "--prompt", "4", "--generate", "0", "-r", "1");

    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.out()).contains("not measured");
  }

  @Test
  void refusesWhatCannotBeMeasured() throws Exception {
    assertThat(CommandRun.of("bench", "--prompt", "-1").err()).contains("--prompt is at least 0");
    assertThat(CommandRun.of("bench", "--threads", "0").err()).contains("--threads is at least 1");
    assertThat(CommandRun.of("bench", "-r", "0").err()).contains("--repetitions is at least 1");
    assertThat(CommandRun.of("bench", "--prompt", "0", "--generate", "0").err())
        .contains("nothing to measure");
    assertThat(CommandRun.of("bench", "--suite", folder.toString(), "nano").err())
        .contains("--suite stands for MODEL");
    assertThat(CommandRun.of("bench", "--peer", folder.toString()).err())
        .contains("path of a file");
    CommandRun deep = CommandRun.of("bench", "--depth", "4096", "-r", "1");
    assertThat(deep.status()).isEqualTo(1);
    assertThat(deep.err()).contains("prompt 512 at 4096 takes", "more than the model's context");
  }

  @Test
  void takesTurnsWithLlamaBench() throws Exception {
    Path calls = folder.resolve("calls");
    fakeLlamaBench("echo \"$*\" >> " + calls, "echo '[{\"avg_ns\": 2000000000, \"avg_ts\": 4}]'");

    CommandRun run =
        CommandRun.of(
            "bench",
            model().toString(),
            "--prompt",
            "8",
            "--generate",
            "0",
            "--depth",
            "64",
            "--threads",
            "1",
            "-r",
            "2",
            "--peer",
            folder.toString());

    assertThat(run.status()).as(run.err()).isZero();
    List<String> lines = Files.readAllLines(calls);
    assertThat(lines).hasSize(6); // a warm-up and two runs with each setting, in turns
    assertThat(lines.get(0)).contains("-p 8 -n 0 -d 64 -fa 1 -t 1 -r 1 -o json");
    assertThat(lines.get(1)).contains("-fa 0");
    assertThat(lines.get(2)).contains("-fa 1");
    assertThat(run.out()).contains("| 4.0 |", "llama.cpp's llama-bench: keys and values F16");
  }

  @Test
  void saysWhyLlamaBenchFailed() throws Exception {
    fakeLlamaBench("echo 'cannot find the model' >&2", "exit 3");

    CommandRun run =
        CommandRun.of("bench", model().toString(), "-r", "1", "--peer", folder.toString());

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err()).contains("status 3", "cannot find the model");
  }

  private void fakeLlamaBench(String... lines) throws Exception {
    Path program = folder.resolve("llama-bench");
    Files.writeString(program, "#!/bin/sh\n" + String.join("\n", lines) + "\n");
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private Path model() throws Exception {
    return RandomModel.of(ModelShape.dense(), GgmlType.Q8_0, 1)
        .writeTo(folder.resolve("model.gguf"));
  }
}
