package dev.qwenmcp.server.tool;

import dev.qwenmcp.server.context.ContextStore;
import dev.qwenmcp.server.model.Capability;
import dev.qwenmcp.server.model.ModelHost;
import dev.qwenmcp.server.model.ModelInfo;
import dev.qwenmcp.server.protocol.Doc;
import dev.qwenmcp.server.protocol.Tool;
import dev.qwenmcp.server.protocol.ToolContext;
import dev.qwenmcp.server.protocol.ToolException;
import dev.qwenmcp.server.protocol.ToolSpec;
import java.util.List;
import java.util.Locale;

/** Tells which models there are and whether they are ready. */
final class ListModels implements Tool<ListModels.Arguments, ListModels.Result> {
  private static final int LIMIT = 20;

  private final ContextStore contexts;
  private final ModelHost models;

  ListModels(ContextStore contexts, ModelHost models) {
    this.contexts = contexts;
    this.models = models;
  }

  public record Arguments(
      @Doc(value = "next_cursor of the page before", optional = true, maxSize = 200) String cursor,
      @Doc(value = "Most models, 20 if left out", optional = true, min = 1, max = 100)
          Integer limit,
      @Doc(
              value = "A context, to renew its lifetime; none is opened here",
              optional = true,
              maxSize = 100)
          String contextId) {}

  public record Result(
      @Doc(value = "The context given, if one was", optional = true) String contextId,
      @Doc(value = "The model chosen for this context with use_model, if one was", optional = true)
          String contextModel,
      @Doc("The models, the default first") List<ModelView> models,
      @Doc(value = "Goes on with the next page; left out on the last", optional = true)
          String nextCursor) {}

  public record ModelView(
      @Doc("What calls give as model") String name,
      @Doc("Where it comes from: embedded, file, pulled or remote") String kind,
      @Doc("What it is good for, or where it is") String description,
      @Doc("Whether it answers calls that name no model") boolean isDefault,
      @Doc("available (loads on first use), loading, ready or failed") String state,
      @Doc(value = "Why it failed", optional = true) String detail,
      @Doc(value = "Architecture, such as qwen3moe", optional = true) String architecture,
      @Doc(value = "Number of weights", optional = true) Long parameters,
      @Doc(value = "How weights are stored, such as Q4_K_M", optional = true) String quantisation,
      @Doc(value = "Bytes of the weights", optional = true) Long bytes,
      @Doc(value = "Longest prompt and answer together in tokens", optional = true)
          Integer contextTokens,
      @Doc("Languages it is fit for, ISO 639-1; empty where nobody said") List<String> languages,
      @Doc(
              "chat, thinking, grounded_answers (answers from passages rather than from memory),"
                  + " embedding, rerank")
          List<String> capabilities,
      @Doc(value = "Licence of the weights, where it is known", optional = true) String licence,
      @Doc(value = "Memory that it takes at the moment, in bytes", optional = true)
          Long memoryBytes) {}

  @Override
  public ToolSpec<Arguments, Result> spec() {
    return new ToolSpec<>(
        "list_models",
        "List models",
        """
        Lists the models that understand and generate can use, the default first, each with its \
        state, size, languages and what it is good for. Use it to choose a model for model or \
        use_model, or to see whether one is still loading. Loads nothing.\
        """,
        Arguments.class,
        Result.class,
        new ToolSpec.Hints(true, false, true, false));
  }

  @Override
  public Result call(Arguments arguments, ToolContext call) throws ToolException {
    WorkingContext context = WorkingContext.of(contexts, call, arguments.contextId());
    List<ModelInfo> all = models.models();
    int from = from(all, arguments.cursor());
    int limit = arguments.limit() == null ? LIMIT : arguments.limit();
    int to = Math.min(all.size(), from + limit);
    return new Result(
        arguments.contextId(),
        context.model(null),
        all.subList(from, to).stream().map(ListModels::view).toList(),
        to == all.size() ? null : all.get(to - 1).name());
  }

  /** A page goes on after the model whose name the cursor is. */
  private static int from(List<ModelInfo> all, String cursor) throws ToolException {
    if (cursor == null) {
      return 0;
    }
    for (int i = 0; i < all.size(); i++) {
      if (all.get(i).name().equals(cursor)) {
        return i + 1;
      }
    }
    throw new ToolException(
        "invalid_arguments", "cursor is none that list_models gave; leave it out to start anew");
  }

  static String name(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  private static ModelView view(ModelInfo model) {
    return new ModelView(
        model.name(),
        name(model.kind()),
        model.description(),
        model.isDefault(),
        name(model.state()),
        known(model.detail()),
        known(model.architecture()),
        known(model.parameters()),
        known(model.quantisation()),
        known(model.fileBytes()),
        model.contextTokens() == 0 ? null : model.contextTokens(),
        model.languages(),
        model.capabilities().stream().map((Capability c) -> name(c)).toList(),
        known(model.licence()),
        known(model.memoryBytes()));
  }

  private static String known(String text) {
    return text.isEmpty() ? null : text;
  }

  private static Long known(long number) {
    return number == 0 ? null : number;
  }
}
