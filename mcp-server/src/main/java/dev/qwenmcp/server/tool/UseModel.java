package dev.qwenmcp.server.tool;

import dev.qwenmcp.engine.Usage;
import dev.qwenmcp.server.context.ContextStore;
import dev.qwenmcp.server.context.EntryDraft;
import dev.qwenmcp.server.context.ModelIdentity;
import dev.qwenmcp.server.model.Capability;
import dev.qwenmcp.server.model.ModelHost;
import dev.qwenmcp.server.model.ModelInfo;
import dev.qwenmcp.server.protocol.Doc;
import dev.qwenmcp.server.protocol.Tool;
import dev.qwenmcp.server.protocol.ToolContext;
import dev.qwenmcp.server.protocol.ToolException;
import dev.qwenmcp.server.protocol.ToolSpec;
import java.util.List;

/** Chooses the model for what follows in a context. */
final class UseModel implements Tool<UseModel.Arguments, UseModel.Result> {
  private final ContextStore contexts;
  private final LanguageModels models;

  UseModel(ContextStore contexts, ModelHost models) {
    this.contexts = contexts;
    this.models = new LanguageModels(models, PromptProfile::of);
  }

  public record Arguments(
      @Doc(value = "Model to use from here on, from list_models", minSize = 1, maxSize = 200)
          String model,
      @Doc(value = WorkingContext.ARGUMENT, optional = true, maxSize = 100) String contextId) {}

  public record Result(
      @Doc(WorkingContext.RESULT) String contextId,
      @Doc("The model that answers in this context where a call names none") String model,
      @Doc(value = "The model before, if one had been chosen", optional = true) String before,
      @Doc("Whether it can answer at once: available (loads on first use), loading, ready, failed")
          String state) {}

  @Override
  public ToolSpec<Arguments, Result> spec() {
    return new ToolSpec<>(
        "use_model",
        "Use a model",
        """
        Chooses the model that answers in a context from here on, where a call names none with \
        model. Dialogue, documents and passages stay as they are: another model goes on with the \
        same conversation, at any point and as often as wanted. Forks made afterwards keep the \
        choice. Loads nothing; the next call that needs the model does.\
        """,
        Arguments.class,
        Result.class,
        new ToolSpec.Hints(false, false, true, false));
  }

  @Override
  public Result call(Arguments arguments, ToolContext call) throws ToolException {
    WorkingContext context = WorkingContext.of(contexts, call, arguments.contextId());
    ModelInfo info = models.info(arguments.model());
    if (!info.capabilities().isEmpty() && !info.has(Capability.CHAT)) {
      throw new ToolException(
          "model_unavailable",
          "the model %s holds no dialogue; choose one whose capabilities have chat"
              .formatted(info.name()));
    }
    String before = context.model(null);
    if (!info.name().equals(before)) {
      context.append(
          List.of(
              new EntryDraft(
                  Roles.MODEL,
                  "use_model",
                  ModelIdentity.NONE,
                  info.name(),
                  "",
                  List.of(),
                  Usage.NONE)));
    }
    return new Result(context.id(), info.name(), before, ListModels.name(info.state()));
  }
}
