package dev.qwenmcp.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qwenmcp.engine.gguf.GgmlType;
import dev.qwenmcp.engine.synth.ModelShape;
import dev.qwenmcp.engine.testmodel.RandomModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code bench-reuse} from end to end; speeds themselves are nobody's business here. */
class BenchReuseCommandTest {
  private static final int CACHED = 4;
  private static final int RESTORED = 5;

  @TempDir private Path folder;

  @Test
  void asksAServerOfItsOwnAndLeavesNothingBehind() throws Exception {
    // Just large enough to be given documents to read, with few active weights.
    ModelShape shape =
        new ModelShape(2, 128, 2, 1, 64, 128, 512, 2, 256, 320, true, 1e6f, 4096, Optional.empty());
    Path model = RandomModel.of(shape, GgmlType.Q8_0, 1).writeTo(folder.resolve("model.gguf"));
    Path data = Files.createDirectory(folder.resolve("data"));

    CommandRun run =
        CommandRun.of(
            "bench-reuse",
            model.toString(),
            "--document-tokens",
            "300",
            "--folder",
            data.toString());

    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("- machine: ", "- model: model.gguf", "| first call, cold | 1 |")
        .contains("| five forks | 5 |", "| after a restart | 1 |");
    // Of 300 tokens and more, the full pages at least.
    assertThat(cell(run, "| second call", CACHED)).isGreaterThanOrEqualTo(256);
    assertThat(cell(run, "| after a restart", RESTORED)).isGreaterThanOrEqualTo(256);
    assertThat(data).isEmptyDirectory();
  }

  private static int cell(CommandRun run, String row, int column) {
    String line = run.out().lines().filter(l -> l.startsWith(row)).findFirst().orElseThrow();
    return Integer.parseInt(line.split("\\|")[column].strip());
  }

  @Test
  void refusesWhatCannotBeMeasured() throws Exception {
    Path file = Files.createFile(folder.resolve("no-model"));

    assertThat(CommandRun.of("bench-reuse", "nowhere").err()).contains("the path of a file");
    assertThat(CommandRun.of("bench-reuse", file.toString(), "-r", "0").err())
        .contains("are at least 1");
    assertThat(CommandRun.of("bench-reuse", file.toString()).status()).isEqualTo(1);
  }
}
