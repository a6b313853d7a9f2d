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
          String contextId) {}

  public record Result(
      @Doc(WorkingContext.RESULT) String contextId,
      @Doc("Its title, possibly empty") String title,
      @Doc("When it was opened, ISO 8601") String created,
      @Doc("When it goes unless a call uses it before, ISO 8601") String expires,
      @Doc("Number of entries") int entries) {}

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
        last call that used it, and at the end of the server if it is held in memory. With \
        context_id, renews that context and describes it.\
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
      return new Result(
          info.id().value(),
          info.title(),
          info.created().toString(),
          info.expires().toString(),
          info.entries());
    } catch (ContextException e) {
      throw WorkingContext.failure(e);
    }
  }
}
