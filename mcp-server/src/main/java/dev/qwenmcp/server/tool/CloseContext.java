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

/** Ends a context before its time. */
final class CloseContext implements Tool<CloseContext.Arguments, CloseContext.Result> {
  private final ContextStore contexts;

  CloseContext(ContextStore contexts) {
    this.contexts = contexts;
  }

  public record Arguments(
      @Doc(value = "The context to close", minSize = 1, maxSize = 100) String contextId) {}

  public record Result(
      @Doc("The context, which is gone") String contextId,
      @Doc("Its title, possibly empty") String title,
      @Doc("Number of entries that it had") int entries,
      @Doc("Bytes that they had") long bytes) {}

  @Override
  public ToolSpec<Arguments, Result> spec() {
    return new ToolSpec<>(
        "context_close",
        "Close a context",
        """
        Removes a context and its entries for good, before it would go by itself %s after its last \
        use. Forks of it stay whole. Use it for what must not be kept, and for pinned contexts, \
        which never go by themselves; context_list finds them.\
        """
            .formatted(contexts.lifetimeInWords()),
        Arguments.class,
        Result.class,
        new ToolSpec.Hints(false, true, false, false));
  }

  @Override
  public Result call(Arguments arguments, ToolContext call) throws ToolException {
    try {
      ContextInfo ended = contexts.end(call.principal(), new ContextId(arguments.contextId()));
      return new Result(ended.id().value(), ended.title(), ended.entries(), ended.bytes());
    } catch (ContextException e) {
      throw WorkingContext.failure(e);
    }
  }
}
