package dev.qwenmcp.server.tool;

import dev.qwenmcp.engine.Cancellation;
import dev.qwenmcp.engine.Engine;
import dev.qwenmcp.engine.EngineOptions;
import dev.qwenmcp.engine.gguf.GgmlType;
import dev.qwenmcp.engine.synth.ModelShape;
import dev.qwenmcp.engine.testmodel.RandomModel;
import dev.qwenmcp.server.model.EmbeddedModel;
import dev.qwenmcp.server.model.ModelHost;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Models that are open already, the first of them the default. */
final class FixedModels implements ModelHost {
  private final Map<String, Engine> engines = new LinkedHashMap<>();

  FixedModels with(String name, Engine engine) {
    engines.put(name, engine);
    return this;
  }

  /** The embedded model, opened once for all tests. */
  static Engine nano() {
    return Nano.ENGINE;
  }

  /** A model that writes nonsense, with Qwen3's chat format and a context of 1024 tokens. */
  static Engine random() {
    return Random.ENGINE;
  }

  private static final class Nano {
    static final Engine ENGINE = open();

    private static Engine open() {
      try {
        return Engine.open(EmbeddedModel.open(), EngineOptions.DEFAULT);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static final class Random {
    static final Engine ENGINE = open();

    private static Engine open() {
      ModelShape shape =
          new ModelShape(1, 64, 2, 1, 32, 128, 4, 2, 64, 320, true, 1e6f, 1024, Optional.empty());
      try {
        return Engine.open(
            RandomModel.of(shape, GgmlType.F32, 7).open(Arena.ofAuto()), EngineOptions.DEFAULT);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @Override
  public List<ModelInfo> models() {
    String first = engines.keySet().iterator().next();
    return engines.entrySet().stream()
        .map(e ->
            new ModelInfo(
                e.getKey(),
                "a model for tests",
                e.getValue().architecture(),
                "ready",
                "",
                e.getValue().contextTokens(),
                e.getValue().parameters(),
                e.getKey().equals(first),
                List.of("en"),
                "fingerprint of " + e.getKey()))
        .toList();
  }

  @Override
  public void warmUp() {}

  @Override
  public Engine engine(String name, Consumer<String> waiting, Cancellation cancellation) {
    return engines.get(name);
  }

  @Override
  public void close() {}
}
