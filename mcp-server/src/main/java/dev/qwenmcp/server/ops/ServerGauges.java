package dev.qwenmcp.server.ops;

import dev.qwenmcp.server.model.ModelActivity;
import dev.qwenmcp.server.model.ModelHost;
import dev.qwenmcp.server.model.ModelInfo;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleSupplier;
import java.util.function.IntSupplier;
import java.util.function.ToDoubleFunction;

/**
 * What the server holds at the moment: models, slots and queues, pages of keys and values,
 * sessions, the JVM.
 */
public final class ServerGauges implements AutoCloseable {
  private final ModelHost models;
  private final MeterRegistry registry;
  private final List<Row> rows = new ArrayList<>();
  private final MultiGauge memory;
  private final JvmGcMetrics collections = new JvmGcMetrics();

  /** A figure of each loaded model. */
  private record Row(MultiGauge gauge, ToDoubleFunction<ModelActivity> value) {}

  /**
   * @param contexts number of those that are open, NaN where that is not known
   * @param sessions number of those that are open
   */
  public ServerGauges(
      MeterRegistry registry, ModelHost models, DoubleSupplier contexts, IntSupplier sessions) {
    this.registry = registry;
    this.models = models;
    Gauge.builder("qwen.mcp.sessions", sessions, IntSupplier::getAsInt)
        .description("Sessions of MCP 2025-11-25 and before that are open")
        .strongReference(true)
        .register(registry);
    Gauge.builder("qwen.mcp.contexts", contexts, DoubleSupplier::getAsDouble)
        .description("Contexts that are open")
        .strongReference(true)
        .register(registry);
    for (ModelInfo.State state : ModelInfo.State.values()) {
      Gauge.builder("qwen.mcp.models", models, host -> count(host, state))
          .description("Models by state")
          .tag("state", Outcomes.word(state))
          .register(registry);
    }
    this.memory =
        MultiGauge.builder("qwen.mcp.model.memory")
            .description("What a model takes of the memory for models")
            .baseUnit("bytes")
            .register(registry);
    row("slots", "Calls that the model works on at a time, at most", ModelActivity::slots);
    row("running", "Calls that the model works on", a -> a.load().running());
    row("waiting", "Calls that wait for a slot", a -> a.load().waiting());
    row("kv.pages.used", "Pages of keys and values in use", a -> a.cache().usedPages());
    row("kv.pages.cached", "Of these, held by the cache", a -> a.cache().residentPages());
    row("kv.pages.budget", "Most pages in memory", a -> a.cache().budgetPages());
    row("kv.page.bytes", "Bytes of a page", a -> a.cache().pageBytes());
    row("kv.evicted", "Pages given up for others", a -> a.cache().evictedPages());
    row("prompt.tokens.asked", "Tokens looked up in the cache", a -> a.cache().askedTokens());
    row("prompt.tokens.found", "Of these, found", a -> a.cache().foundTokens());
    row("prompt.tokens.restored", "Of these, from disk", a -> a.cache().restoredTokens());
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    new FileDescriptorMetrics().bindTo(registry);
    collections.bindTo(registry);
  }

  private static double count(ModelHost host, ModelInfo.State state) {
    return host.models().stream().filter(model -> model.state() == state).count();
  }

  private void row(String name, String description, ToDoubleFunction<ModelActivity> value) {
    rows.add(
        new Row(
            MultiGauge.builder("qwen.mcp.model." + name)
                .description(description)
                .register(registry),
            value));
  }

  /** Looks at the models: those that were unloaded vanish, new ones appear. */
  void refresh() {
    List<ModelActivity> active = models.activity();
    for (Row row : rows) {
      row.gauge()
          .register(
              active.stream()
                  .map(a ->
                      MultiGauge.Row.of(Tags.of("model", a.model()), row.value().applyAsDouble(a)))
                  .toList(),
              true);
    }
    memory.register(
        models.models().stream()
            .filter(model -> model.memoryBytes() > 0)
            .map(model -> MultiGauge.Row.of(Tags.of("model", model.name()), model.memoryBytes()))
            .toList(),
        true);
  }

  @Override
  public void close() {
    collections.close();
  }
}
