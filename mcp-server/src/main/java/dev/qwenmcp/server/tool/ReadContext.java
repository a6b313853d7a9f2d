package dev.qwenmcp.server.tool;

import dev.qwenmcp.engine.Usage;
import dev.qwenmcp.server.context.ContextException;
import dev.qwenmcp.server.context.ContextId;
import dev.qwenmcp.server.context.ContextInfo;
import dev.qwenmcp.server.context.ContextStore;
import dev.qwenmcp.server.context.Entry;
import dev.qwenmcp.server.protocol.Doc;
import dev.qwenmcp.server.protocol.Tool;
import dev.qwenmcp.server.protocol.ToolContext;
import dev.qwenmcp.server.protocol.ToolException;
import dev.qwenmcp.server.protocol.ToolSpec;
import java.util.ArrayList;
import java.util.List;

/** Shows what a context holds, page by page. */
final class ReadContext implements Tool<ReadContext.Arguments, ReadContext.Result> {
  private static final int LIMIT = 20;

  /** About 20,000 tokens: clients refuse results above 25,000. */
  private static final int MOST_CHARACTERS = 60_000;

  private final ContextStore contexts;

  ReadContext(ContextStore contexts) {
    this.contexts = contexts;
  }

  public record Arguments(
      @Doc(value = "The context to read", minSize = 1, maxSize = 100) String contextId,
      @Doc(value = "Index of the first entry, 0 if left out", optional = true, min = 0)
          Integer from,
      @Doc(value = "Most entries, 20 if left out", optional = true, min = 1, max = 100)
          Integer limit) {}

  public record Result(
      @Doc(WorkingContext.RESULT) String contextId,
      @Doc("Its title, possibly empty") String title,
      @Doc("When it goes unless a call uses it before, ISO 8601") String expires,
      @Doc("Number of all entries") int total,
      @Doc("The entries asked for, oldest first") List<EntryView> entries,
      @Doc(value = "from of the next page; left out on the last", optional = true)
          Integer nextFrom) {}

  public record EntryView(
      @Doc("Position in the context, from 0") int index,
      @Doc("document, user, assistant, passages or result") String role,
      @Doc("The tool that wrote it") String tool,
      @Doc(value = "The model that produced it", optional = true) String model,
      @Doc("When, ISO 8601") String created,
      @Doc("The text; cut if the entry alone is too long for one result") String text,
      @Doc(value = "Characters of the whole text, if it was cut", optional = true)
          Integer textLength,
      @Doc(value = "Structured content, as JSON text", optional = true) String structured,
      @Doc(value = "What producing it cost", optional = true) UsageReport usage) {}

  @Override
  public ToolSpec<Arguments, Result> spec() {
    return new ToolSpec<>(
        "context_read",
        "Read a context",
        """
        Shows what a context holds, oldest first, in pages: documents and questions given to tools, \
        passages found, results and answers, each with the tool and model that wrote it. Use it to \
        see what earlier calls did. A page ends early rather than pass 60,000 characters; next_from \
        is where the next one begins.\
        """,
        Arguments.class,
        Result.class,
        new ToolSpec.Hints(true, false, true, false));
  }

  @Override
  public Result call(Arguments arguments, ToolContext call) throws ToolException {
    int from = arguments.from() == null ? 0 : arguments.from();
    int limit = arguments.limit() == null ? LIMIT : arguments.limit();
    ContextId id = new ContextId(arguments.contextId());
    try {
      ContextInfo info = contexts.info(call.principal(), id);
      List<EntryView> page = new ArrayList<>();
      int characters = 0;
      for (Entry entry : contexts.read(call.principal(), id, from, limit)) {
        int size = entry.text().length() + entry.structuredJson().length();
        if (!page.isEmpty() && characters + size > MOST_CHARACTERS) {
          break;
        }
        characters += size;
        page.add(view(entry));
      }
      int next = from + page.size();
      return new Result(
          info.id().value(),
          info.title(),
          info.expires().toString(),
          info.entries(),
          page,
          next < info.entries() && !page.isEmpty() ? next : null);
    } catch (ContextException e) {
      throw WorkingContext.failure(e);
    }
  }

  private static EntryView view(Entry entry) {
    String text = entry.text();
    boolean whole = text.length() <= MOST_CHARACTERS;
    return new EntryView(
        entry.index(),
        entry.role(),
        entry.tool(),
        entry.model().isNone() ? null : entry.model().name(),
        entry.created().toString(),
        whole ? text : cut(text),
        whole ? null : text.length(),
        structured(entry),
        entry.usage().equals(Usage.NONE) ? null : UsageReport.of(entry.usage()));
  }

  private static String structured(Entry entry) {
    String json = entry.structuredJson();
    return json.isEmpty() || json.length() > MOST_CHARACTERS ? null : json;
  }

  private static String cut(String text) {
    int end = MOST_CHARACTERS;
    return text.substring(0, Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end);
  }
}
