package dev.qwenmcp.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class CommandReferenceTest {
  private static final Path PAGE = Path.of("..", "docs", "reference", "command-line.md");

  /** After a change of a command: the same test with {@code -Dcommands.write=true}. */
  @Test
  void thePageSaysWhatHelpSays() throws Exception {
    if (Boolean.getBoolean("commands.write")) {
      Files.writeString(PAGE, CommandReference.markdown());
    }

    assertThat(PAGE)
        .as("run this test with -Dcommands.write=true")
        .hasContent(CommandReference.markdown());
  }

  @Test
  void showsCommandsBelowCommandsWithTheirParametersAndDefaults() {
    assertThat(CommandReference.markdown())
        .contains("### token create\n", "`qwen-mcp token create NAME`")
        .contains("| `-n, --max-tokens N` | Most tokens")
        .doesNotContain("${", "@|", "bench-spin");
  }
}
