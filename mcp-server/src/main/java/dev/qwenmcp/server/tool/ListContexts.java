package dev.qwenmcp.server.tool;

import dev.qwenmcp.server.context.ContextException;
import dev.qwenmcp.server.context.ContextPage;
import dev.qwenmcp.server.context.ContextQuery;
import dev.qwenmcp.server.context.ContextStore;
import dev.qwenmcp.server.protocol.Doc;
import dev.qwenmcp.server.protocol.Tool;
import dev.qwenmcp.server.protocol.ToolContext;
import dev.qwenmcp.server.protocol.ToolException;
import dev.qwenmcp.server.protocol.ToolSpec;
import java.util.List;

/** Lists the caller's contexts, the newest first. */
final class ListContexts implements Tool<ListContexts.Arguments, ListContexts.Result> {
  private static final int LIMIT = 20;

  private final ContextStore contexts;

  ListContexts(ContextStore contexts) {
    this.contexts = contexts;
  }

  public record Arguments(
      @Doc(value = "Part of the title, in any case", optional = true, maxSize = 200) String title,
      @Doc(value = "next_cursor of the page before", optional = true, maxSize = 100) String cursor,
      @Doc(value = "Most contexts, 20 if left out", optional = true, min = 1, max = 100)
          Integer limit,
      @Doc(
              value = "A context, to renew its lifetime; none is opened here",
              optional = true,
              maxSize = 100)
          String contextId) {}

  public record Result(
      @Doc(value = "The context given, if one was", optional = true) String contextId,
      @Doc("The contexts, the newest first") List<ContextView> contexts,
      @Doc(value = "Goes on with the next page; left out on the last", optional = true)
          String nextCursor) {}

  @Override
  public ToolSpec<Arguments, Result> spec() {
    return new ToolSpec<>(
        "context_list",
        "List contexts",
        """
        Lists the open contexts of this caller, the newest first, all or those whose title \
        contains some words, each with its handle, size and when it expires. Use it to find a \
        context of an earlier conversation again. Renews no lifetime: each goes %s after the last \
        call that used it.\
        """
            .formatted(contexts.lifetimeInWords()),
        Arguments.class,
        Result.class,
        new ToolSpec.Hints(true, false, true, false));
  }

  @Override
  public Result call(Arguments arguments, ToolContext call) throws ToolException {
    WorkingContext.of(contexts, call, arguments.contextId());
    ContextQuery query =
        new ContextQuery(
            arguments.title() == null ? "" : arguments.title(),
            arguments.cursor() == null ? "" : arguments.cursor(),
            arguments.limit() == null ? LIMIT : arguments.limit());
    try {
      ContextPage page = contexts.list(call.principal(), query);
      return new Result(
          arguments.contextId(),
          page.contexts().stream().map(ContextView::of).toList(),
          page.next().isEmpty() ? null : page.next());
    } catch (ContextException e) {
      throw WorkingContext.failure(e);
    }
  }
}
