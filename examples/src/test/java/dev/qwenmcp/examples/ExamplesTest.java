package dev.qwenmcp.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qwenmcp.engine.Engine;
import dev.qwenmcp.engine.EngineOptions;
import dev.qwenmcp.engine.FinishReason;
import dev.qwenmcp.engine.GenerationResult;
import dev.qwenmcp.server.model.EmbeddedModel;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class ExamplesTest {
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);

  @Test
  void anEmbeddedEngineAnswers() throws Exception {
    try (Engine engine = Engine.open(EmbeddedModel.open(), EngineOptions.DEFAULT)) {
      GenerationResult result = EmbedEngine.ask(engine, "Who are you?", out);

      assertThat(result.finishReason()).isEqualTo(FinishReason.STOP);
      assertThat(text()).contains(result.text()).contains("[STOP; Usage");
    }
  }

  @Test
  void aClientGoesThroughTheCustomerServiceFlow() {
    String reply = CustomerServiceFlow.run(server(), "My card is lost", out);

    assertThat(reply).isNotBlank();
    assertThat(text())
        .contains("intent: lost_or_stolen_card")
        .contains("passage: Block a lost card at once")
        .contains("reply: " + reply);
  }

  @Test
  void stepsInJavaPassTheContextByThemselves() {
    String reply = ShopAssistant.run(server(), "For how many days can goods be returned?", out);

    assertThat(reply).contains("Goods can be returned for 30 days.");
    assertThat(text()).contains("language: en", "reply: " + reply, "flow: " + reply);
  }

  static List<String> server() {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "--enable-native-access=ALL-UNNAMED",
        "-cp",
        System.getProperty("java.class.path"),
        "dev.qwenmcp.server.cli.Main",
        "serve",
        "--contexts",
        "memory");
  }

  private String text() {
    return printed.toString(StandardCharsets.UTF_8);
  }
}
