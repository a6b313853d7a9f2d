package dev.qwenmcp.server.tool;

import dev.qwenmcp.engine.Usage;
import dev.qwenmcp.server.context.ContextException;
import dev.qwenmcp.server.context.ContextId;
import dev.qwenmcp.server.context.ContextInfo;
import dev.qwenmcp.server.context.ContextStore;
import dev.qwenmcp.server.context.Entry;
import dev.qwenmcp.server.context.EntryHead;
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
          Integer limit,
      @Doc(
              value =
                  "Where to begin in the text of the first entry, in UTF-16 units: text_start plus"
                      + " the length of a text that was cut",
              optional = true,
              min = 0)
          Integer textFrom) {}

  public record Result(
      @Doc(WorkingContext.RESULT) String contextId,
      @Doc("Its title, possibly empty") String title,
      @Doc(
              value = "When it goes unless a call uses it before, ISO 8601; left out while pinned",
              optional = true)
          String expires,
      @Doc("Number of all entries, which is its version") int total,
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
      @Doc(value = "Where in the entry's text it begins, if not at its start", optional = true)
          Integer textStart,
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
        is where the next one begins. An entry longer than that is cut and tells its text_length: go \
        on in it with text_from. The context goes %s after its last use, and reading is a use.\
        """
            .formatted(contexts.lifetimeInWords()),
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
      int textFrom = arguments.textFrom() == null ? 0 : arguments.textFrom();
      List<EntryView> page = new ArrayList<>();
      int characters = 0;
      for (Entry entry :
          contexts.read(call.principal(), id, from, fitting(id, call, from, limit))) {
        int size = entry.text().length() + entry.structuredJson().length();
        if (!page.isEmpty() && characters + size > MOST_CHARACTERS) {
          break;
        }
        characters += size;
        page.add(view(entry, page.isEmpty() ? Math.min(textFrom, entry.text().length()) : 0));
      }
      int next = from + page.size();
      return new Result(
          info.id().value(),
          info.title(),
          ContextView.expires(info),
          info.entries(),
          page,
          next < info.entries() && !page.isEmpty() ? next : null);
    } catch (ContextException e) {
      throw WorkingContext.failure(e);
    }
  }

  /** How many entries to read: those whose bytes could fill a page, and at least one. */
  private int fitting(ContextId id, ToolContext call, int from, int limit) throws ContextException {
    long bytes = 0;
    int count = 0;
    for (EntryHead head : contexts.heads(call.principal(), id, from, limit)) {
      // A character has at most three bytes: what has more than that cannot fit.
      if (count > 0 && bytes > 3L * MOST_CHARACTERS) {
        break;
      }
      bytes += head.bytes();
      count++;
    }
    return count;
  }

  private static EntryView view(Entry entry, int textFrom) {
    String text = entry.text();
    String shown = cut(text, textFrom);
    boolean whole = shown.length() == text.length();
    return new EntryView(
        entry.index(),
        entry.role(),
        entry.tool(),
        entry.model().isNone() ? null : entry.model().name(),
        entry.created().toString(),
        shown,
        textFrom == 0 ? null : textFrom,
        whole ? null : text.length(),
        structured(entry),
        entry.usage().equals(Usage.NONE) ? null : UsageReport.of(entry.usage()));
  }

  private static String structured(Entry entry) {
    String json = entry.structuredJson();
    return json.isEmpty() || json.length() > MOST_CHARACTERS ? null : json;
  }

  private static String cut(String text, int from) {
    int end = Math.min(text.length(), from + MOST_CHARACTERS);
    boolean splits = end < text.length() && Character.isHighSurrogate(text.charAt(end - 1));
    return text.substring(from, splits ? end - 1 : end);
  }
}
