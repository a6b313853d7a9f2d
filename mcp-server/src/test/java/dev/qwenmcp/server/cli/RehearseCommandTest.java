package dev.qwenmcp.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class RehearseCommandTest {
  @TempDir private Path folder;

  @Test
  void playsItsSessionToTheEnd() throws Exception {
    List<String> line = new ArrayList<>(List.of("rehearse", "--"));
    line.addAll(ServerCommandLine.words());
    line.addAll(List.of("--data-dir", folder.toString()));

    CommandRun run = CommandRun.of(line.toArray(String[]::new));

    assertThat(run).isEqualTo(new CommandRun(0, "", ""));
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).anyMatch(file -> file.getFileName().toString().startsWith("contexts"));
    }
  }

  @Test
  void failsIfTheServerDoesNotAnswer() {
    CommandRun run = CommandRun.of("rehearse", "--", "cat", "/dev/null");

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err()).startsWith("qwen-mcp: ");
  }
}
