package dev.qwenmcp.server.model;

import dev.qwenmcp.engine.Cancellation;
import dev.qwenmcp.engine.Engine;
import dev.qwenmcp.engine.EngineOptions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Opens each model of a catalogue once, on a thread of its own, when it is first asked for.
 *
 * <p>A failed load is remembered for {@link #models()} and tried again with the next call that
 * needs the model.
 */
public final class LazyModelHost implements ModelHost {
  private final ModelCatalog catalog;
  private final Map<String, ModelSlot> slots = new LinkedHashMap<>();

  /**
   * @param catalog the models to choose from
   * @param options how each of them is run
   */
  public LazyModelHost(ModelCatalog catalog, EngineOptions options) {
    this.catalog = catalog;
    for (CatalogModel model : catalog.models()) {
      slots.put(model.name(), new ModelSlot(model, options));
    }
  }

  @Override
  public List<ModelInfo> models() {
    String defaultName = catalog.defaultModel().name();
    return slots.values().stream()
        .map(slot -> slot.info(slot.model().name().equals(defaultName)))
        .toList();
  }

  @Override
  public void warmUp() {
    slots.get(catalog.defaultModel().name()).load();
  }

  @Override
  public Engine engine(String name, Consumer<String> waiting, Cancellation cancellation)
      throws ModelException, InterruptedException {
    ModelSlot slot = slots.get(name == null ? catalog.defaultModel().name() : name);
    if (slot == null) {
      throw new ModelException(
          "no model is named " + name + "; there are " + String.join(", ", slots.keySet()));
    }
    return slot.await(waiting, cancellation);
  }

  /** Closes the engines; one that is still loading is closed as soon as it is loaded. */
  @Override
  public void close() {
    slots.values().forEach(ModelSlot::close);
  }
}
