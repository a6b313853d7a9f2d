package dev.qwenmcp.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qwenmcp.engine.Engine;
import dev.qwenmcp.engine.EngineOptions;
import dev.qwenmcp.engine.GenerationRequest;
import dev.qwenmcp.engine.sample.SamplerSettings;
import dev.qwenmcp.server.model.EmbeddedModel;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jline.terminal.Terminal;
import org.jline.terminal.impl.DumbTerminal;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ChatLoopTest {
  private static Engine engine;

  @TempDir private Path folder;

  @BeforeAll
  static void load() throws Exception {
    engine = Engine.open(EmbeddedModel.open(), EngineOptions.DEFAULT);
  }

  @AfterAll
  static void close() {
    engine.close();
  }

  @Test
  void answersUntilTheInputEnds() throws Exception {
    assertThat(chat("Who are you?\n")).contains("Nano").containsPattern("\\[\\d+ tokens");
  }

  @Test
  void runsItsCommands() throws Exception {
    Path file = folder.resolve("talk.md");

    String shown =
        chat(
            """
            /help
            /system Be brief.
            /system
            Hello
            /save %s
            /reset
            /think maybe
            /nonsense
            /quit
            Who are you?
            """
                .formatted(file));

    assertThat(shown)
        .contains("/reset          forget")
        .contains("Be brief.")
        .contains("saved to")
        .contains("forgotten")
        .contains("/think takes on or off")
        .contains("there is no /nonsense")
        .doesNotContain("I'm Nano");
    assertThat(Files.readString(file)).startsWith("**system**: Be brief.\n\n**user**: Hello");
  }

  @Test
  void saysThatAMessageIsTooLongAndGoesOn() throws Exception {
    assertThat(chat("word ".repeat(1000) + "\nWho are you?\n"))
        .contains("do not fit the context")
        .contains("Nano");
  }

  private static String chat(String typed) throws Exception {
    ByteArrayOutputStream shown = new ByteArrayOutputStream();
    try (Terminal terminal =
            new DumbTerminal(
                "test",
                Terminal.TYPE_DUMB,
                new ByteArrayInputStream(typed.getBytes(StandardCharsets.UTF_8)),
                shown,
                StandardCharsets.UTF_8);
        Conversation conversation = new Conversation(engine)) {
      GenerationRequest request =
          new GenerationRequest(
              new int[0], SamplerSettings.GREEDY, 40, Duration.ofMinutes(1), List.of(), null);
      new ChatLoop(terminal, conversation, _ -> request, "a test").run();
    }
    return shown.toString(StandardCharsets.UTF_8);
  }
}
