package dev.qwenmcp.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.Command;

class MainTest {
  @TempDir private Path folder;

  @Test
  void printsItsVersionAndJava() {
    CommandRun run = CommandRun.of("--version");

    assertThat(run.status()).isZero();
    assertThat(run.out()).containsPattern("qwen-mcp \\d+\\.\\d+").contains("Java 25");
  }

  @Test
  void knowsItsCommandsByTheNamesThatTheyGiveThemselves() {
    assertThat(Main.SUBCOMMANDS)
        .allSatisfy(command ->
            assertThat(command.type().getAnnotation(Command.class).name())
                .isEqualTo(command.name()));
  }

  @Test
  void listsItsCommandsWhenNoneIsGiven() {
    CommandRun run = CommandRun.of();

    assertThat(run.status()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err())
        .startsWith("qwen-mcp: a command is missing")
        .contains("serve", "demo", "chat", "generate", "inspect", "tokenize", "logits", "doctor");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "serv",
        "serve --threads many",
        "serve --threads -1",
        "generate --kv q4_0 hello",
        "generate --raw --think hello",
        "generate --max-tokens 0 hello",
        "tokenize nano text --file f",
        "logits nano --tokens 1,x --out f",
        "logits nano --tokens , --out f",
        "logits nano --tokens 1",
        "inspect a b"
      })
  void refusesAWrongCommandLineWithStatusTwoAndOneLineOfReason(String line) {
    CommandRun run = CommandRun.of(line.split(" "));

    assertThat(run.status()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).startsWith("qwen-mcp: ").doesNotContain("\tat ");
  }

  @Test
  void failsWithStatusOneAndOneLineWhenAModelIsMissing() {
    CommandRun run = CommandRun.of("inspect", "nowhere.gguf");

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err().lines()).singleElement().asString().contains("nowhere.gguf", "nano");
  }

  @Test
  void showsWhereAnErrorComesFromOnRequest() throws Exception {
    Path broken =
        Files.writeString(folder.resolve("broken.gguf"), "no model at all, but some text");

    assertThat(CommandRun.of("inspect", broken.toString()).err())
        .contains("broken.gguf")
        .doesNotContain("\tat ");
    assertThat(CommandRun.of("--verbose", "inspect", broken.toString()).err())
        .contains("GgufFormatException", "\tat ");
  }

  @Test
  void refusesAnOldJava() {
    assertThat(JavaFloor.complaint(Runtime.Version.parse("25.0.3"))).isEmpty();
    assertThat(JavaFloor.complaint(Runtime.Version.parse("25.0.3+9-LTS"))).isEmpty();
    assertThat(JavaFloor.complaint(Runtime.Version.parse("26-ea"))).isEmpty();
    assertThat(JavaFloor.complaint(Runtime.Version.parse("25.0.2")))
        .hasValueSatisfying(
            text -> assertThat(text).contains("25.0.2", "25.0.3", "QWEN_MCP_JAVA_HOME"));
  }
}
