package dev.qwenmcp.server.tool;

import dev.qwenmcp.server.context.ContextException;
import dev.qwenmcp.server.context.ContextId;
import dev.qwenmcp.server.context.ContextInfo;
import dev.qwenmcp.server.context.ContextStore;
import dev.qwenmcp.server.protocol.Doc;
import dev.qwenmcp.server.protocol.Tool;
import dev.qwenmcp.server.protocol.ToolContext;
import dev.qwenmcp.server.protocol.ToolException;
import dev.qwenmcp.server.protocol.ToolSpec;

/** Opens a context, or renews one. */
final class OpenContext implements Tool<OpenContext.Arguments, OpenContext.Result> {
  private final ContextStore contexts;

  OpenContext(ContextStore contexts) {
    this.contexts = contexts;
  }

  public record Arguments(
      @Doc(
              value = "Name for people, such as the customer or the document it is about",
              optional = true,
              maxSize = 200)
          String title,
      @Doc(
              value = "An open context: its lifetime is renewed instead of opening another",
              optional = true,
              maxSize = 100)
          String contextId,
      @Doc(
              value = "Whether the context stays beyond its lifetime, until it is closed",
              optional = true)
          Boolean pinned) {}

  public record Result(
      @Doc(WorkingContext.RESULT) String contextId,
      @Doc("Its title, possibly empty") String title,
      @Doc("When it was opened, ISO 8601") String created,
      @Doc(
              value = "When it goes unless a call uses it before, ISO 8601; left out while pinned",
              optional = true)
          String expires,
      @Doc("Whether it stays until it is closed or unpinned") boolean pinned,
      @Doc("Number of entries, which is its version") int entries,
      @Doc("Whether it outlives the server") boolean durable) {}

  @Override
  public ToolSpec<Arguments, Result> spec() {
    return new ToolSpec<>(
        "context_open",
        "Open a context",
        """
        Opens a context: a server-side notebook that passes texts, search results and answers from \
        one tool call to the next without sending them again. Use it before a series of calls that \
        belong together, and give its context_id to each of them; calls without a context_id open \
        one by themselves. Returns the handle and when it expires: a context goes %s after the \
        last call that used it, unless it is pinned, and outlives the server if durable is true. \
        With context_id, renews that context, pins or unpins it if pinned is given, and describes \
        it. Anybody who has the handle can use the context.\
        """
            .formatted(contexts.lifetimeInWords()),
        Arguments.class,
        Result.class,
        new ToolSpec.Hints(false, false, false, false));
  }

  @Override
  public Result call(Arguments arguments, ToolContext call) throws ToolException {
    try {
      ContextInfo info =
          arguments.contextId() == null
              ? contexts.open(call.principal(), arguments.title() == null ? "" : arguments.title())
              : contexts.info(call.principal(), new ContextId(arguments.contextId()));
      if (arguments.pinned() != null && arguments.pinned() != info.pinned()) {
        info = contexts.pin(call.principal(), info.id(), arguments.pinned());
      }
      WorkingContext.remarkOnStorage(contexts, info.id(), call);
      return new Result(
          info.id().value(),
          info.title(),
          info.created().toString(),
          ContextView.expires(info),
          info.pinned(),
          info.entries(),
          contexts.storage().durable());
    } catch (ContextException e) {
      throw WorkingContext.failure(e);
    }
  }
}
