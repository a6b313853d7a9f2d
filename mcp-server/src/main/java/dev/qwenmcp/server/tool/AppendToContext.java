package dev.qwenmcp.server.tool;

import dev.qwenmcp.engine.Usage;
import dev.qwenmcp.server.context.ContextException;
import dev.qwenmcp.server.context.ContextId;
import dev.qwenmcp.server.context.ContextStore;
import dev.qwenmcp.server.context.Entry;
import dev.qwenmcp.server.context.EntryDraft;
import dev.qwenmcp.server.context.ModelIdentity;
import dev.qwenmcp.server.protocol.Doc;
import dev.qwenmcp.server.protocol.Tool;
import dev.qwenmcp.server.protocol.ToolContext;
import dev.qwenmcp.server.protocol.ToolException;
import dev.qwenmcp.server.protocol.ToolSpec;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import tools.jackson.databind.node.ObjectNode;

/** Writes something of the caller's into a context. */
final class AppendToContext implements Tool<AppendToContext.Arguments, AppendToContext.Result> {
  private static final int MOST_CHARACTERS = 4 << 20;

  private final ContextStore contexts;

  AppendToContext(ContextStore contexts) {
    this.contexts = contexts;
  }

  /** What callers may write; answers of a model are the model's to write. */
  public enum CallerRole {
    DOCUMENT,
    USER,
    RESULT
  }

  public record Arguments(
      @Doc(value = "The context to write to", minSize = 1, maxSize = 100) String contextId,
      @Doc(value = "The text", minSize = 1, maxSize = MOST_CHARACTERS) String text,
      @Doc(
              value =
                  "document: a text to work on; user: a question or message, which generate"
                      + " answers; result: a note that tools do not read; document if left out",
              optional = true)
          CallerRole role,
      @Doc(value = "The same for programs: any JSON object", optional = true) ObjectNode structured,
      @Doc(
              value =
                  "Number of entries that the context must have, so that nothing is written over"
                      + " what somebody else has written meanwhile",
              optional = true,
              min = 0)
          Integer expectedVersion) {}

  public record Result(
      @Doc(WorkingContext.RESULT) String contextId,
      @Doc("Index of the new entry") int index,
      @Doc("Number of entries now; the expected_version of the next call") int version,
      @Doc("Bytes that the entry counts for") long bytes) {}

  @Override
  public ToolSpec<Arguments, Result> spec() {
    return new ToolSpec<>(
        "context_append",
        "Append to a context",
        """
        Writes a text into a context, for other tools and other clients to find there: a document \
        that understand and generate will work on, a question, or a note. Send a long text once \
        this way, then refer to it by context_id. Entries never change afterwards. With \
        expected_version, fails with context_conflict and the current version if the context has \
        grown since. The context goes %s after its last use, as context_open says.\
        """
            .formatted(contexts.lifetimeInWords()),
        Arguments.class,
        Result.class,
        new ToolSpec.Hints(false, false, false, false));
  }

  @Override
  public Result call(Arguments arguments, ToolContext call) throws ToolException {
    CallerRole role = arguments.role() == null ? CallerRole.DOCUMENT : arguments.role();
    EntryDraft draft =
        new EntryDraft(
            role.name().toLowerCase(Locale.ROOT),
            "context_append",
            ModelIdentity.NONE,
            arguments.text(),
            arguments.structured() == null ? "" : arguments.structured().toString(),
            List.of(),
            Usage.NONE);
    ContextId id = new ContextId(arguments.contextId());
    try {
      Entry entry =
          contexts
              .append(
                  call.principal(),
                  id,
                  List.of(draft),
                  arguments.expectedVersion() == null
                      ? OptionalInt.empty()
                      : OptionalInt.of(arguments.expectedVersion()))
              .getFirst();
      WorkingContext.remarkOnStorage(contexts, id, call);
      return new Result(id.value(), entry.index(), entry.index() + 1, entry.bytes());
    } catch (ContextException e) {
      throw WorkingContext.failure(e);
    }
  }
}
