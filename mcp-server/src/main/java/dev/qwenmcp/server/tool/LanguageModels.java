package dev.qwenmcp.server.tool;

import dev.qwenmcp.engine.Engine;
import dev.qwenmcp.engine.chat.ChatTemplateException;
import dev.qwenmcp.server.model.ModelException;
import dev.qwenmcp.server.model.ModelHost;
import dev.qwenmcp.server.model.ModelInfo;
import dev.qwenmcp.server.model.ModelLease;
import dev.qwenmcp.server.protocol.ToolContext;
import dev.qwenmcp.server.protocol.ToolException;
import dev.qwenmcp.server.remote.RemoteModel;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Finds the models that calls name. */
final class LanguageModels {
  static final String ARGUMENT =
      "Model to use, from list_models; left out, the one that use_model chose for the context, or"
          + " the default";

  private final ModelHost models;
  private final Function<Engine, PromptProfile> profiles;

  /**
   * @param profiles how each model wants to be asked
   */
  LanguageModels(ModelHost models, Function<Engine, PromptProfile> profiles) {
    this.models = models;
    this.profiles = profiles;
  }

  /** Whether a call that may name any model may reach another machine. */
  boolean reachElsewhere() {
    return models.reachesElsewhere();
  }

  /**
   * What is known of a model; loads nothing.
   *
   * @param name null for the default
   * @throws ToolException if there is none of the name
   */
  ModelInfo info(String name) throws ToolException {
    List<ModelInfo> known = models.models();
    return known.stream()
        .filter(model -> name == null ? model.isDefault() : model.name().equals(name))
        .findFirst()
        .orElseThrow(() -> unknown(name, known));
  }

  /**
   * The model for a call in a context, wherever it runs.
   *
   * @param argument what the call names, null for the context's choice or the default
   */
  ChatModel chat(String argument, WorkingContext context, ToolContext call)
      throws ToolException, InterruptedException {
    return chat(context.model(argument), context.known().orElse(null), call);
  }

  /**
   * A model for one call, wherever it runs; one that runs here is loaded until the call ends.
   *
   * @param name null for the default
   * @param affinity calls with the same one go to the same server of a remote model, null for none
   * @throws ToolException if there is none of the name, or it cannot be loaded or hold a chat
   */
  ChatModel chat(String name, String affinity, ToolContext call)
      throws ToolException, InterruptedException {
    Optional<RemoteModel> remote = models.remote(name);
    return remote.isPresent()
        ? new RemoteLanguageModel(info(name), remote.get(), affinity, call)
        : find(name, call);
  }

  /**
   * A model that runs here for one call, waiting until it is loaded; it stays loaded until the call
   * ends.
   *
   * @param name null for the default
   * @throws ToolException if there is none of the name, or it cannot be loaded or hold a chat, or
   *     it runs elsewhere
   */
  LanguageModel find(String name, ToolContext call) throws ToolException, InterruptedException {
    ModelInfo info = info(name);
    if (models.remote(info.name()).isPresent()) {
      throw new ToolException(
          "local_model_required",
          "the model %s runs on another machine, and this needs one that runs here: choose another with model; there are %s"
              .formatted(info.name(), names(models.models())));
    }
    CallProgress progress = new CallProgress(call);
    try {
      ModelLease lease = models.lease(info.name(), progress::waiting, call.cancellation());
      call.onEnd(lease::close);
      return new LanguageModel(
          info(info.name()), // more is known now that it is loaded
          lease.companion(LoadedModel.class, e -> new LoadedModel(e, profiles.apply(e))),
          lease.engine().chatTemplate(),
          call,
          progress);
    } catch (ModelException | ChatTemplateException e) {
      throw new ToolException("model_unavailable", e.getMessage());
    }
  }

  private static ToolException unknown(String name, List<ModelInfo> known) {
    return new ToolException(
        "unknown_model", "there is no model \"%s\"; there are: %s".formatted(name, names(known)));
  }

  private static String names(List<ModelInfo> models) {
    return String.join(", ", models.stream().map(ModelInfo::name).toList());
  }
}
