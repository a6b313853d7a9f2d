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
import java.util.OptionalInt;

/** Begins a new context with another's entries. */
final class ForkContext implements Tool<ForkContext.Arguments, ForkContext.Result> {
  private final ContextStore contexts;

  ForkContext(ContextStore contexts) {
    this.contexts = contexts;
  }

  public record Arguments(
      @Doc(value = "The context to begin with", minSize = 1, maxSize = 100) String contextId,
      @Doc(
              value = "How many of its entries to take over, all if left out",
              optional = true,
              min = 0)
          Integer version,
      @Doc(
              value = "Name of the new context for people, the same if left out",
              optional = true,
              maxSize = 200)
          String title) {}

  public record Result(
      @Doc("Handle of the new context; pass it on to let the next call see this one")
          String contextId,
      @Doc("The context it begins with") String forkedFrom,
      @Doc("Its title, possibly empty") String title,
      @Doc("When it goes unless a call uses it before, ISO 8601") String expires,
      @Doc("Number of entries, which is its version") int entries,
      @Doc("Bytes of its entries") long bytes) {}

  @Override
  public ToolSpec<Arguments, Result> spec() {
    return new ToolSpec<>(
        "context_fork",
        "Fork a context",
        """
        Opens a new context that begins with the entries of another, at once and whatever their \
        size: to try several ways from the same point, or to hand a document to several agents. \
        From then on the two go their own ways; closing one does not touch the other. The new \
        context goes %s after its last use, as context_open says.\
        """
            .formatted(contexts.lifetimeInWords()),
        Arguments.class,
        Result.class,
        new ToolSpec.Hints(false, false, false, false));
  }

  @Override
  public Result call(Arguments arguments, ToolContext call) throws ToolException {
    ContextId id = new ContextId(arguments.contextId());
    try {
      String title =
          arguments.title() == null
              ? contexts.info(call.principal(), id).title()
              : arguments.title();
      OptionalInt version =
          arguments.version() == null ? OptionalInt.empty() : OptionalInt.of(arguments.version());
      ContextInfo fork = contexts.fork(call.principal(), id, version, title);
      return new Result(
          fork.id().value(),
          id.value(),
          fork.title(),
          fork.expires().toString(),
          fork.entries(),
          fork.bytes());
    } catch (ContextException e) {
      throw WorkingContext.failure(e);
    }
  }
}
