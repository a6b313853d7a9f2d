package dev.qwenmcp.server.tool;

import dev.qwenmcp.engine.Cancellation;
import dev.qwenmcp.engine.Engine;
import dev.qwenmcp.engine.EngineOptions;
import dev.qwenmcp.engine.gguf.GgmlType;
import dev.qwenmcp.engine.synth.ModelShape;
import dev.qwenmcp.engine.testmodel.RandomModel;
import dev.qwenmcp.server.model.Capability;
import dev.qwenmcp.server.model.EmbeddedModel;
import dev.qwenmcp.server.model.ModelActivity;
import dev.qwenmcp.server.model.ModelFacts;
import dev.qwenmcp.server.model.ModelHost;
import dev.qwenmcp.server.model.ModelInfo;
import dev.qwenmcp.server.model.ModelKind;
import dev.qwenmcp.server.model.ModelLease;
import dev.qwenmcp.server.remote.RemoteModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;

/** Models that are open already, the first of them the default. */
final class FixedModels implements ModelHost {
  private final Map<String, Engine> engines = new LinkedHashMap<>();
  private final Map<Engine, Map<Class<?>, Object>> companions = new ConcurrentHashMap<>();
  private final Map<String, RemoteModel> remotes = new LinkedHashMap<>();

  FixedModels with(String name, Engine engine) {
    engines.put(name, engine);
    return this;
  }

  FixedModels with(RemoteModel remote) {
    remotes.put(remote.name(), remote);
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
  public boolean reachesElsewhere() {
    return !remotes.isEmpty();
  }

  @Override
  public List<ModelInfo> models() {
    String first = engines.keySet().iterator().next();
    Stream<ModelInfo> remote =
        remotes.values().stream()
            .map(model ->
                new ModelInfo(
                    model.name(),
                    ModelKind.REMOTE,
                    "a remote model for tests",
                    new ModelFacts(
                        "",
                        0,
                        "",
                        0,
                        0,
                        List.of(),
                        Set.of(Capability.CHAT, Capability.THINKING),
                        ""),
                    ModelInfo.State.READY,
                    "",
                    model.settings().about().contextTokens(),
                    0,
                    false,
                    "remote"));
    Stream<ModelInfo> local =
        engines.entrySet().stream()
            .map(e -> info(e.getKey(), e.getValue(), e.getKey().equals(first)));
    return Stream.concat(local, remote).toList();
  }

  @Override
  public List<ModelActivity> activity() {
    return List.of();
  }

  @Override
  public void warmUp() {}

  private static ModelInfo info(String name, Engine engine, boolean isDefault) {
    return new ModelInfo(
        name,
        ModelKind.FILE,
        "a model for tests",
        new ModelFacts(
            engine.architecture(),
            engine.parameters(),
            "",
            0,
            engine.contextTokens(),
            List.of("en"),
            engine == Random.ENGINE
                ? Set.of(Capability.CHAT, Capability.GROUNDED_ANSWERS)
                : Set.of(Capability.CHAT),
            ""),
        ModelInfo.State.READY,
        "",
        engine.contextTokens(),
        0,
        isDefault,
        "fingerprint of " + name);
  }

  @Override
  public ModelLease lease(String name, Consumer<String> waiting, Cancellation cancellation) {
    Engine engine = engines.get(name == null ? engines.keySet().iterator().next() : name);
    Map<Class<?>, Object> kept = companions.computeIfAbsent(engine, _ -> new HashMap<>());
    return new ModelLease() {
      @Override
      public Engine engine() {
        return engine;
      }

      @Override
      public <T> T companion(Class<T> type, Function<Engine, T> create) {
        synchronized (kept) {
          return type.cast(kept.computeIfAbsent(type, _ -> create.apply(engine)));
        }
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public Optional<RemoteModel> remote(String name) {
    return Optional.ofNullable(remotes.get(name));
  }

  @Override
  public void close() {}
}
