package dev.qwenmcp.server.tool;

import dev.qwenmcp.server.context.ContextStore;
import dev.qwenmcp.server.model.ModelHost;
import dev.qwenmcp.server.protocol.Doc;
import dev.qwenmcp.server.protocol.Tool;
import dev.qwenmcp.server.protocol.ToolContext;
import dev.qwenmcp.server.protocol.ToolException;
import dev.qwenmcp.server.protocol.ToolSpec;
import java.util.List;

/** Tells which models there are and whether they are ready. */
final class ListModels implements Tool<ListModels.Arguments, ListModels.Result> {
  private final ContextStore contexts;
  private final ModelHost models;

  ListModels(ContextStore contexts, ModelHost models) {
    this.contexts = contexts;
    this.models = models;
  }

  public record Arguments(
      @Doc(
              value = "A context, to renew its lifetime; none is opened here",
              optional = true,
              maxSize = 100)
          String contextId) {}

  public record Result(
      @Doc(value = "The context given, if one was", optional = true) String contextId,
      @Doc("The models, the default first") List<ModelView> models) {}

  public record ModelView(
      @Doc("What calls give as model") String name,
      @Doc("What it is good for") String description,
      @Doc("Whether it answers calls that name no model") boolean isDefault,
      @Doc(value = "available (loads on first use), loading, ready or failed") String state,
      @Doc(value = "Why it failed", optional = true) String detail,
      @Doc(value = "Architecture, once loaded", optional = true) String architecture,
      @Doc(value = "Longest prompt and answer together in tokens, once loaded", optional = true)
          Integer contextTokens,
      @Doc(value = "Number of weights, once loaded", optional = true) Long parameters,
      @Doc("Languages it is fit for, ISO 639-1") List<String> languages) {}

  @Override
  public ToolSpec<Arguments, Result> spec() {
    return new ToolSpec<>(
        "list_models",
        "List models",
        """
        Lists the models that understand and generate can use, the default first, each with its \
        state, size, languages and what it is good for. Use it to choose a model, or to see \
        whether one is still loading. Loads nothing.\
        """,
        Arguments.class,
        Result.class,
        new ToolSpec.Hints(true, false, true, false));
  }

  @Override
  public Result call(Arguments arguments, ToolContext call) throws ToolException {
    WorkingContext.of(contexts, call, arguments.contextId());
    return new Result(
        arguments.contextId(), models.models().stream().map(ListModels::view).toList());
  }

  private static ModelView view(ModelHost.ModelInfo model) {
    return new ModelView(
        model.name(),
        model.description(),
        model.isDefault(),
        model.state(),
        model.detail().isEmpty() ? null : model.detail(),
        model.architecture().isEmpty() ? null : model.architecture(),
        model.contextTokens() == 0 ? null : model.contextTokens(),
        model.parameters() == 0 ? null : model.parameters(),
        model.languages());
  }
}
