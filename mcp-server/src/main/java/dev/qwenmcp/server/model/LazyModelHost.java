package dev.qwenmcp.server.model;

import dev.qwenmcp.engine.Cancellation;
import dev.qwenmcp.engine.EngineOptions;
import dev.qwenmcp.engine.MachineMemory;
import dev.qwenmcp.server.remote.RemoteModel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Opens each model of a catalogue once, on a thread of its own, when it is first asked for, and
 * unloads idle ones where another needs their memory.
 *
 * <p>A failed load is remembered for {@link #models()} and tried again with the next call that
 * needs the model. The catalogue is looked at again for {@link #models()} and for names that are
 * not known yet, so that a model which was pulled meanwhile is found.
 */
public final class LazyModelHost implements ModelHost {
  private static final System.Logger LOG = System.getLogger(LazyModelHost.class.getName());

  private final CatalogSource source;
  private final EngineOptions options;
  private final Map<String, RemoteModel> remotes = new LinkedHashMap<>();
  private final ModelMemory memory;

  /** By name, the default first. Guarded by this. */
  private Map<String, ModelSlot> slots = new LinkedHashMap<>();

  private final String defaultName;

  /** Reads the catalogue. */
  @FunctionalInterface
  public interface CatalogSource {
    ModelCatalog read() throws ModelException;
  }

  /**
   * How models share the machine.
   *
   * @param memoryBytes for weights, working memory, keys and values of all models together; 0 for
   *     what is available now, less what the Java heap and other programs need
   * @param patience how long a call waits for other models to be idle where it needs their memory
   */
  public record Sharing(long memoryBytes, Duration patience) {
    public static final Sharing DEFAULT = new Sharing(0, Duration.ofSeconds(30));

    long budget() {
      MachineMemory machine = MachineMemory.now();
      return memoryBytes > 0 ? memoryBytes : Math.max(0, machine.available() - machine.reserve());
    }
  }

  /** Models of one catalogue, with what the machine has. */
  LazyModelHost(ModelCatalog catalog, EngineOptions options) throws ModelException {
    this(() -> catalog, List.of(), catalog.defaultModel().name(), options, Sharing.DEFAULT);
  }

  /**
   * @param source the models to choose from that run here
   * @param remotes those that run elsewhere
   * @param defaultName of the model that answers where none is named
   * @param options how each of those here is run
   * @throws ModelException if the catalogue cannot be read or two models have one name
   */
  public LazyModelHost(
      CatalogSource source,
      List<RemoteModel> remotes,
      String defaultName,
      EngineOptions options,
      Sharing sharing)
      throws ModelException {
    this.source = source;
    this.defaultName = defaultName;
    this.options = options;
    this.memory = new ModelMemory(sharing.budget(), sharing.patience());
    for (RemoteModel remote : remotes) {
      this.remotes.put(remote.name(), remote);
    }
    readCatalog();
  }

  private synchronized void readCatalog() throws ModelException {
    ModelCatalog catalog = source.read();
    Map<String, ModelSlot> next = new LinkedHashMap<>();
    for (CatalogModel model : catalog.models()) {
      if (remotes.containsKey(model.name())) {
        throw new ModelException(
            "a remote model and a file are both named " + model.name() + "; rename one of them");
      }
      ModelSlot known = slots.get(model.name());
      next.put(model.name(), known == null ? new ModelSlot(model, options, memory) : known);
    }
    slots.forEach((name, slot) -> {
      if (!slot.unused()) {
        next.putIfAbsent(name, slot); // its file has gone, but it is loaded
      }
    });
    slots = next;
  }

  @Override
  public List<ModelInfo> models() {
    try {
      readCatalog();
    } catch (ModelException e) {
      LOG.log(System.Logger.Level.WARNING, "the models known before stay: {0}", e.getMessage());
    }
    List<ModelInfo> infos = new ArrayList<>();
    for (ModelSlot slot : slots()) {
      infos.add(slot.info(slot.model().name().equals(defaultName)));
    }
    for (RemoteModel remote : remotes.values()) {
      infos.add(RemoteInfo.of(remote, remote.name().equals(defaultName)));
    }
    infos.sort(
        Comparator.comparing(info -> !info.isDefault())); // stable: the others keep their order
    return infos;
  }

  @Override
  public List<ModelActivity> activity() {
    return slots().stream().flatMap(slot -> slot.activity().stream()).toList();
  }

  private synchronized List<ModelSlot> slots() {
    return List.copyOf(slots.values());
  }

  private synchronized Optional<ModelSlot> slot(String name) {
    return Optional.ofNullable(slots.get(name == null ? defaultName : name));
  }

  @Override
  public void warmUp() {
    slot(null).ifPresent(ModelSlot::warmUp);
  }

  @Override
  public ModelLease lease(String name, Consumer<String> waiting, Cancellation cancellation)
      throws ModelException, InterruptedException {
    if (remotes.containsKey(name == null ? defaultName : name)) {
      throw new ModelException(
          "the model "
              + (name == null ? defaultName : name)
              + " runs on another machine, and a model on this one is needed");
    }
    Optional<ModelSlot> slot = slot(name);
    if (slot.isEmpty()) {
      readCatalog();
      slot = slot(name);
    }
    if (slot.isEmpty()) {
      throw new ModelException(
          "no model is named "
              + name
              + "; there are "
              + String.join(", ", slots().stream().map(s -> s.model().name()).toList()));
    }
    return slot.get().lease(waiting, cancellation);
  }

  @Override
  public Optional<RemoteModel> remote(String name) {
    return Optional.ofNullable(remotes.get(name == null ? defaultName : name));
  }

  @Override
  public boolean reachesElsewhere() {
    return !remotes.isEmpty();
  }

  @Override
  public EngineRoom room() {
    return new EngineRoom(memory);
  }

  /** Bytes that models may take together. */
  public long memoryBudget() {
    return memory.budget();
  }

  /** Closes the engines; one that is still loading is closed as soon as it is loaded. */
  @Override
  public void close() {
    slots().forEach(ModelSlot::close);
    remotes.values().forEach(RemoteModel::close);
  }
}
