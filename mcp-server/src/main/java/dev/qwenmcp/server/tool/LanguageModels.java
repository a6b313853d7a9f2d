package dev.qwenmcp.server.tool;

import dev.qwenmcp.engine.Engine;
import dev.qwenmcp.engine.chat.ChatTemplateException;
import dev.qwenmcp.server.model.ModelException;
import dev.qwenmcp.server.model.ModelHost;
import dev.qwenmcp.server.model.ModelHost.ModelInfo;
import dev.qwenmcp.server.protocol.ToolContext;
import dev.qwenmcp.server.protocol.ToolException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** Finds the models that calls name. */
final class LanguageModels {
  static final String ARGUMENT = "Model to use, from list_models; left out, the default";

  private final ModelHost models;
  private final Function<Engine, PromptProfile> profiles;
  private final Map<Engine, LoadedModel> loaded = new ConcurrentHashMap<>();

  /**
   * @param profiles how each model wants to be asked
   */
  LanguageModels(ModelHost models, Function<Engine, PromptProfile> profiles) {
    this.models = models;
    this.profiles = profiles;
  }

  /**
   * A model for one call, waiting until it is loaded.
   *
   * @param name null for the default
   * @throws ToolException if there is none of the name, or it cannot be loaded or hold a chat
   */
  LanguageModel find(String name, ToolContext call) throws ToolException, InterruptedException {
    List<ModelInfo> known = models.models();
    ModelInfo info =
        known.stream()
            .filter(model -> name == null ? model.isDefault() : model.name().equals(name))
            .findFirst()
            .orElseThrow(() -> unknown(name, known));
    CallProgress progress = new CallProgress(call);
    try {
      Engine engine = models.engine(info.name(), progress::waiting, call.cancellation());
      return new LanguageModel(
          described(info.name()),
          loaded.computeIfAbsent(engine, e -> new LoadedModel(e, profiles.apply(e))),
          engine.chatTemplate(),
          call,
          progress);
    } catch (ModelException | ChatTemplateException e) {
      throw new ToolException("model_unavailable", e.getMessage());
    }
  }

  /** What is known of a model now that it is loaded. */
  private ModelInfo described(String name) {
    return models.models().stream()
        .filter(model -> model.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static ToolException unknown(String name, List<ModelInfo> known) {
    return new ToolException(
        "unknown_model",
        "there is no model \"%s\"; there are: %s"
            .formatted(name, String.join(", ", known.stream().map(ModelInfo::name).toList())));
  }
}
