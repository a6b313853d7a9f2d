package dev.qwenmcp.server.tool;

import dev.qwenmcp.server.context.ContextStore;
import dev.qwenmcp.server.context.Entry;
import dev.qwenmcp.server.context.EntryDraft;
import dev.qwenmcp.server.knowledge.KnowledgeBase;
import dev.qwenmcp.server.knowledge.KnowledgeException;
import dev.qwenmcp.server.knowledge.Passage;
import dev.qwenmcp.server.protocol.Doc;
import dev.qwenmcp.server.protocol.Tool;
import dev.qwenmcp.server.protocol.ToolContext;
import dev.qwenmcp.server.protocol.ToolException;
import dev.qwenmcp.server.protocol.ToolSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

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
      @Doc(value = WorkingContext.ARGUMENT, optional = true, maxSize = 100) String contextId) {}

  public record Result(
      @Doc(WorkingContext.RESULT) String contextId,
      @Doc("The collection that was searched") String collection,
      @Doc("What was searched for") String query,
      @Doc("The passages, best first; empty if no word of the query occurs")
          List<PassageView> passages) {}

  @Override
  public ToolSpec<Arguments, Result> spec() {
    return new ToolSpec<>(
        "retrieve",
        "Search documents",
        """
        Finds the passages of ingested documents that answer a question best, by words (BM25 with \
        English stemming and Chinese, Japanese and Korean analysis; no query syntax). Use it before \
        generate, with the same context_id: generate then shows these passages as its sources and, \
        if the model can read them, answers from them. Returns passages with document id, title, \
        offsets and score.\
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
    List<PassageView> passages = new ArrayList<>();
    try {
      int limit = arguments.limit() == null ? LIMIT : arguments.limit();
      for (Passage passage : knowledge.search(call.principal(), collection, query, limit)) {
        passages.add(PassageView.of(passage));
      }
    } catch (KnowledgeException e) {
      throw Ingest.failure(e);
    }
    drafts.add(PassageView.entry(query, passages));
    context.append(drafts);
    return new Result(context.id(), collection, query, passages);
  }
}
