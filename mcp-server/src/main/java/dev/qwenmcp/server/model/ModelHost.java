package dev.qwenmcp.server.model;

import dev.qwenmcp.engine.Cancellation;
import dev.qwenmcp.server.remote.RemoteModel;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** The models of this process: opened on first use, in the background at start. */
public interface ModelHost extends AutoCloseable {

  /** All models, the default first. */
  List<ModelInfo> models();

  /** What the loaded ones that run here are doing; keeps none of them from being unloaded. */
  List<ModelActivity> activity();

  /** Begins to load the default model without waiting. */
  void warmUp();

  /**
   * The use of a model that runs here, loading it if need be.
   *
   * @param name from {@link #models()}, or null for the default
   * @param waiting hears in words what is being waited for
   * @throws ModelException if there is no such model, it runs elsewhere or it cannot be loaded
   * @throws InterruptedException if interrupted or cancelled while waiting
   */
  ModelLease lease(String name, Consumer<String> waiting, Cancellation cancellation)
      throws ModelException, InterruptedException;

  /** The model of a name where it runs elsewhere. */
  Optional<RemoteModel> remote(String name);

  /** Whether a call may reach a model on another machine. */
  default boolean reachesElsewhere() {
    return false;
  }

  /** Where models run that serve others than the tools, beside those of this host. */
  default EngineRoom room() {
    return EngineRoom.alone();
  }

  @Override
  void close();
}
