package dev.qwenmcp.server.cli;

import dev.qwenmcp.engine.Cancellation;
import dev.qwenmcp.engine.Engine;
import dev.qwenmcp.engine.EngineOptions;
import dev.qwenmcp.engine.GenerationRequest;
import dev.qwenmcp.engine.GenerationResult;
import dev.qwenmcp.engine.Session;
import dev.qwenmcp.engine.TokenListener;
import dev.qwenmcp.engine.chat.ChatTemplateException;
import dev.qwenmcp.engine.sample.SamplerSettings;
import dev.qwenmcp.server.model.CatalogModel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/** Whether a model loads and answers. */
final class ModelCheck implements HealthCheck {
  private static final int TOKENS = 16;

  private final CatalogModel model;
  private final Supplier<EngineOptions> options;

  ModelCheck(CatalogModel model, Supplier<EngineOptions> options) {
    this.model = model;
    this.options = options;
  }

  @Override
  public List<Finding> findings() {
    List<Finding> findings = new ArrayList<>();
    long start = System.nanoTime();
    try (Engine engine = Engine.open(model.open(), options.get())) {
      findings.add(
          Finding.good(
              "model",
              String.format(
                  Locale.ROOT,
                  "%s: %s, %.1f million weights, context of %d tokens, loaded in %.2f s",
                  model.name(),
                  engine.architecture(),
                  engine.parameters() / 1e6,
                  engine.contextTokens(),
                  (System.nanoTime() - start) / 1e9)));
      findings.add(chatFormat(engine));
      findings.add(generation(engine));
    } catch (Exception | LinkageError | OutOfMemoryError e) {
      findings.add(
          new Finding(
              Level.BROKEN,
              "model",
              model.name() + " cannot be used: " + ErrorReport.describe(e),
              "give a GGUF file of a Qwen3 model with --model, or none for the embedded one"));
    }
    return findings;
  }

  private static Finding chatFormat(Engine engine) {
    try {
      engine.chatTemplate();
      return Finding.good("chat format", "Qwen3's");
    } catch (ChatTemplateException e) {
      return new Finding(
          Level.BROKEN, "chat format", e.getMessage(), "only generate --raw works with this file");
    }
  }

  private static Finding generation(Engine engine) {
    try (Session session = engine.newSession()) {
      GenerationResult result =
          session.generate(
              new GenerationRequest(
                  engine.tokenizer().encode("Hello, how are you"),
                  SamplerSettings.GREEDY,
                  TOKENS,
                  Duration.ofSeconds(60),
                  List.of(),
                  null),
              TokenListener.NONE,
              new Cancellation());
      return Finding.good("generation", UsageText.of(result.usage()));
    }
  }
}
