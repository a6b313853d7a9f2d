package dev.qwenmcp.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qwenmcp.engine.SharedData;
import dev.qwenmcp.server.hub.FakeHub;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** From a hub to an answer, on the command line. */
@Timeout(60)
class PullCommandTest {
  private static final String NAME = "nano-Q4_K_M";

  @TempDir private Path folder;

  @Test
  void aPulledModelAnswersAndCanBeRemoved() throws Exception {
    byte[] model = Files.readAllBytes(SharedData.require("models/" + NAME + ".gguf"));
    try (FakeHub hub =
        new FakeHub().with(NAME + ".gguf", model).with("notes-Q8_0.gguf", new byte[] {1, 2, 3})) {
      String url = hub.address().toString();
      String pulled = folder.toString();
      CommandRun list = CommandRun.of("pull", "Qwen/Tiny-GGUF", "--list", "--hub-url", url);
      assertThat(list.status()).as(list.err()).isZero();
      assertThat(list.out()).contains("7.2 MiB", NAME);

      CommandRun pull =
          CommandRun.of("pull", "Qwen/Tiny-GGUF:Q4_K_M", "--hub-url", url, "--pulled-dir", pulled);
      assertThat(pull.status()).as(pull.err()).isZero();
      assertThat(pull.err()).contains("licence apache-2.0", "100 %", "its checksum is right");
      assertThat(pull.out()).contains("serve --model " + NAME);

      CommandRun other =
          CommandRun.of("pull", "Qwen/Tiny-GGUF:Q8_0", "--hub-url", url, "--pulled-dir", pulled);
      assertThat(other.status()).isZero();
      assertThat(other.err()).contains("cannot run it", "models rm notes-Q8_0");

      assertThat(CommandRun.of("models", "list", "--pulled-dir", pulled).out())
          .containsPattern(NAME + " +pulled +qwen3moe +Q4_K_M.* 512 tokens")
          .containsPattern("nano +embedded")
          .containsPattern("notes-Q8_0 +pulled +cannot be used");
      CommandRun answer =
          CommandRun.of(
              "generate", "-m", NAME, "--pulled-dir", pulled, "--max-tokens", "4", "Hello");
      assertThat(answer.status()).as(answer.err()).isZero();
      assertThat(answer.out()).isNotBlank();

      CommandRun removed = CommandRun.of("models", "rm", NAME, "--pulled-dir", pulled);
      assertThat(removed.out()).contains("removed", "7.2 MiB");
      CommandRun again = CommandRun.of("models", "rm", NAME, "--pulled-dir", pulled);
      assertThat(again.status()).isEqualTo(1);
      assertThat(again.err()).contains("no pulled model");
    }
  }

  @Test
  void whatIsWrongOnTheCommandLineIsSaid() {
    assertThat(CommandRun.of("pull", "nano").err()).contains("Qwen/Qwen3-30B-A3B-GGUF:Q4_K_M");
    assertThat(CommandRun.of("pull", "a/b", "--hub-url", "ftp://x").err()).contains("--hub-url");
    assertThat(CommandRun.of("pull", "a/b", "--hub", "elsewhere").status()).isEqualTo(2);
    assertThat(CommandRun.of("models").status()).isEqualTo(2);
  }
}
