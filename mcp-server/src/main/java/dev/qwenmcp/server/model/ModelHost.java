package dev.qwenmcp.server.model;

import dev.qwenmcp.engine.Cancellation;
import dev.qwenmcp.engine.Engine;
import java.util.List;
import java.util.function.Consumer;

/** The models of this process: opened on first use, in the background at start. */
public interface ModelHost extends AutoCloseable {

  /**
   * A model that can be chosen.
   *
   * @param name what calls give as {@code model}
   * @param description for people
   * @param architecture empty until loaded
   * @param state {@code available}, {@code loading}, {@code ready} or {@code failed}
   * @param detail why it failed, else empty
   * @param contextTokens longest sequence, 0 until loaded
   * @param parameters number of weights, 0 until loaded
   * @param isDefault whether it answers calls that name no model
   * @param languages ISO 639-1 codes it is fit for
   * @param fingerprint tells its file from others of that name, empty until loaded
   */
  record ModelInfo(
      String name,
      String description,
      String architecture,
      String state,
      String detail,
      int contextTokens,
      long parameters,
      boolean isDefault,
      List<String> languages,
      String fingerprint) {
    public ModelInfo {
      languages = List.copyOf(languages);
    }
  }

  /** All models, the default first. */
  List<ModelInfo> models();

  /** Begins to load the default model without waiting. */
  void warmUp();

  /**
   * The engine of a model, loading it if need be.
   *
   * @param name from {@link #models()}, or null for the default
   * @param waiting hears in words what is being waited for
   * @throws ModelException if there is no such model or it cannot be loaded
   * @throws InterruptedException if interrupted or cancelled while waiting
   */
  Engine engine(String name, Consumer<String> waiting, Cancellation cancellation)
      throws ModelException, InterruptedException;

  @Override
  void close();
}
