package dev.qwenmcp.examples;

import dev.qwenmcp.engine.Cancellation;
import dev.qwenmcp.engine.Engine;
import dev.qwenmcp.engine.EngineOptions;
import dev.qwenmcp.engine.GenerationRequest;
import dev.qwenmcp.engine.GenerationResult;
import dev.qwenmcp.engine.Session;
import dev.qwenmcp.engine.chat.ChatPrompt;
import dev.qwenmcp.engine.chat.ChatTemplateException;
import dev.qwenmcp.engine.chat.Message;
import dev.qwenmcp.engine.chat.ThinkingMode;
import dev.qwenmcp.engine.gguf.GgufFile;
import dev.qwenmcp.server.model.EmbeddedModel;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Runs a model inside a Java program: no server, no process, no network.
 *
 * <pre>{@code
 * java --enable-native-access=ALL-UNNAMED -cp mcp-server/target/app/qwen-mcp.jar \
 *     examples/src/main/java/dev/qwenmcp/examples/EmbedEngine.java "Who are you?" [MODEL.gguf]
 * }</pre>
 */
public final class EmbedEngine {
  private EmbedEngine() {}

  public static void main(String[] args) throws IOException, ChatTemplateException {
    String question = args.length > 0 ? args[0] : "Who are you?";
    // The engine owns the file from here on and closes it.
    GgufFile file = args.length > 1 ? GgufFile.open(Path.of(args[1])) : EmbeddedModel.open();
    try (Engine engine = Engine.open(file, EngineOptions.DEFAULT)) {
      ask(engine, question, System.out);
    }
  }

  /** Streams the answer to a question and returns how it ended. */
  static GenerationResult ask(Engine engine, String question, PrintStream out)
      throws ChatTemplateException {
    ChatPrompt prompt = ChatPrompt.of(List.of(Message.user(question)), ThinkingMode.OFF);
    GenerationRequest request =
        new GenerationRequest(
            engine.chatTemplate().encode(prompt),
            engine.recommendedSampling(ThinkingMode.OFF, 42), // the same seed, the same answer
            200, // tokens at most
            Duration.ofSeconds(30), // and seconds
            List.of(), // no text that ends the answer early
            null); // no grammar that it must follow
    // A session is one conversation; many of them share an engine and its weights.
    try (Session session = engine.newSession()) {
      GenerationResult result =
          session.generate(request, (text, _) -> out.print(text), new Cancellation());
      out.printf("%n[%s; %s]%n", result.finishReason(), result.usage());
      return result;
    }
  }
}
