package dev.qwenmcp.server.tool;

import dev.qwenmcp.server.context.ContextStore;
import dev.qwenmcp.server.context.Entry;
import dev.qwenmcp.server.context.EntryDraft;
import dev.qwenmcp.server.knowledge.KnowledgeBase;
import dev.qwenmcp.server.knowledge.KnowledgeException;
import dev.qwenmcp.server.knowledge.SearchMode;
import dev.qwenmcp.server.knowledge.SearchRequest;
import dev.qwenmcp.server.knowledge.SearchResult;
import dev.qwenmcp.server.protocol.Doc;
import dev.qwenmcp.server.protocol.ResourceLink;
import dev.qwenmcp.server.protocol.Tool;
import dev.qwenmcp.server.protocol.ToolContext;
import dev.qwenmcp.server.protocol.ToolException;
import dev.qwenmcp.server.protocol.ToolSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Finds passages of the documents in a collection. */
final class Retrieve implements Tool<Retrieve.Arguments, Retrieve.Result> {
  private static final int LIMIT = 5;

  private final ContextStore contexts;
  private final KnowledgeBase knowledge;

  Retrieve(ContextStore contexts, KnowledgeBase knowledge) {
    this.contexts = contexts;
    this.knowledge = knowledge;
  }

  public record Arguments(
      @Doc(
              value =
                  "Question or words to search for, plain text in any language; left out, the last"
                      + " user entry of the context. Kept as the user's question unless one is"
                      + " waiting for its answer",
              optional = true,
              minSize = 1,
              maxSize = 20_000)
          String query,
      @Doc(
              value = "Collection to search, \"default\" if left out",
              optional = true,
              minSize = 1,
              maxSize = 64)
          String collection,
      @Doc(value = "Most passages, 5 if left out", optional = true, min = 1, max = 50)
          Integer limit,
      @Doc(
              value =
                  "What is compared: hybrid (words and meaning, the default), keywords (words"
                      + " alone), vectors (meaning alone)",
              optional = true)
          SearchMode mode,
      @Doc(value = FilterArgument.DOC, optional = true) Map<String, JsonNode> filter,
      @Doc(
              value =
                  "How many passages before and after each its text goes on into, 0 if left out",
              optional = true,
              min = 0,
              max = 3)
          Integer neighbours,
      @Doc(value = WorkingContext.ARGUMENT, optional = true, maxSize = 100) String contextId) {}

  public record Result(
      @Doc(WorkingContext.RESULT) String contextId,
      @Doc("The collection that was searched") String collection,
      @Doc("What was searched for") String query,
      @Doc("What was compared; keywords where meaning could not be, as notes then explain")
          SearchMode mode,
      @Doc("The passages, best first; empty if none has to do with the query")
          List<PassageView> passages,
      @Doc(value = "What to know about this search", optional = true) List<String> notes) {}

  @Override
  public ToolSpec<Arguments, Result> spec() {
    return new ToolSpec<>(
        "retrieve",
        "Search documents",
        """
        Finds the passages of ingested documents that answer a question best, by words (BM25 with \
        English stemming and Chinese, Japanese and Korean analysis; no query syntax) and by meaning \
        (English and Chinese). Use it before generate, with the same context_id: generate then \
        shows these passages as its sources and, if the model can read them, answers from them. \
        Returns passages with document id, title, offsets, what their score is made of, and a link \
        to read each again; the same text is returned once.\
        """,
        Arguments.class,
        Result.class,
        new ToolSpec.Hints(true, false, true, false));
  }

  @Override
  public Result call(Arguments arguments, ToolContext call) throws ToolException {
    WorkingContext context = WorkingContext.of(contexts, call, arguments.contextId());
    String collection = Ingest.collection(arguments.collection());
    List<EntryDraft> drafts = new ArrayList<>();
    String query = arguments.query();
    if (query == null) {
      query =
          context
              .last(Set.of(Roles.USER))
              .map(Entry::text)
              .orElseThrow(() ->
                  new ToolException(
                      "missing_query",
                      "there is nothing to search for: give query, or a context_id whose context"
                          + " holds a user entry"));
    } else if (!context.asked()) {
      drafts.add(EntryDraft.text(Roles.USER, "retrieve", query));
    }
    SearchResult found;
    try {
      found = knowledge.search(call.principal(), collection, request(arguments, query));
    } catch (KnowledgeException e) {
      throw Ingest.failure(e);
    }
    List<PassageView> passages =
        found.passages().stream().map(passage -> PassageView.of(collection, passage)).toList();
    drafts.add(PassageView.entry(query, passages));
    context.append(drafts);
    return new Result(
        context.id(),
        collection,
        query,
        found.mode(),
        passages,
        found.notes().isEmpty() ? null : found.notes());
  }

  @Override
  public List<ResourceLink> links(Result result) {
    return result.passages().stream().map(PassageView::link).toList();
  }

  private static SearchRequest request(Arguments arguments, String query) throws ToolException {
    return SearchRequest.of(query, arguments.limit() == null ? LIMIT : arguments.limit())
        .mode(arguments.mode() == null ? SearchMode.HYBRID : arguments.mode())
        .filter(FilterArgument.parse(arguments.filter()))
        .neighbours(arguments.neighbours() == null ? 0 : arguments.neighbours());
  }
}
