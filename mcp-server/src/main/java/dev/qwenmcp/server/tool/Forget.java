package dev.qwenmcp.server.tool;

import dev.qwenmcp.server.context.ContextStore;
import dev.qwenmcp.server.context.EntryDraft;
import dev.qwenmcp.server.knowledge.CollectionInfo;
import dev.qwenmcp.server.knowledge.KnowledgeBase;
import dev.qwenmcp.server.knowledge.KnowledgeException;
import dev.qwenmcp.server.protocol.Doc;
import dev.qwenmcp.server.protocol.Tool;
import dev.qwenmcp.server.protocol.ToolContext;
import dev.qwenmcp.server.protocol.ToolException;
import dev.qwenmcp.server.protocol.ToolSpec;
import java.util.List;

/** Removes documents, or a collection with all of them. */
final class Forget implements Tool<Forget.Arguments, Forget.Result> {
  private final ContextStore contexts;
  private final KnowledgeBase knowledge;

  Forget(ContextStore contexts, KnowledgeBase knowledge) {
    this.contexts = contexts;
    this.knowledge = knowledge;
  }

  public record Arguments(
      @Doc(value = "Ids of the documents to remove", optional = true, minSize = 1, maxSize = 1000)
          List<String> documents,
      @Doc(
              value = "True, instead of documents, to remove the collection with all that is in it",
              optional = true)
          Boolean wholeCollection,
      @Doc(
              value = "Collection to remove from, \"default\" if left out",
              optional = true,
              minSize = 1,
              maxSize = 64)
          String collection,
      @Doc(value = WorkingContext.ARGUMENT, optional = true, maxSize = 100) String contextId) {}

  public record Result(
      @Doc(WorkingContext.RESULT) String contextId,
      @Doc("The collection") String collection,
      @Doc("Documents that were removed") int removed,
      @Doc(value = "Ids that the collection did not have", optional = true) List<String> unknown,
      @Doc("Documents in the collection now") int totalDocuments) {}

  @Override
  public ToolSpec<Arguments, Result> spec() {
    return new ToolSpec<>(
        "forget",
        "Remove documents",
        """
        Removes documents from a collection by their ids, or with whole_collection the collection \
        with all its documents. No search finds them any more when the call returns, and they \
        cannot be brought back. What contexts have kept of earlier searches stays there. Ids come \
        from list_sources.\
        """,
        Arguments.class,
        Result.class,
        new ToolSpec.Hints(false, true, true, false));
  }

  @Override
  public Result call(Arguments arguments, ToolContext call) throws ToolException {
    boolean all = Boolean.TRUE.equals(arguments.wholeCollection());
    if (all == (arguments.documents() != null)) {
      throw new ToolException(
          "conflicting_arguments",
          "give either documents or whole_collection: true, to say what is to be removed");
    }
    WorkingContext context = WorkingContext.of(contexts, call, arguments.contextId());
    String collection = Ingest.collection(arguments.collection());
    try {
      return all ? drop(context, call, collection) : remove(context, call, collection, arguments);
    } catch (KnowledgeException e) {
      throw Ingest.failure(e);
    }
  }

  private Result drop(WorkingContext context, ToolContext call, String collection)
      throws KnowledgeException, ToolException {
    CollectionInfo dropped = knowledge.drop(call.principal(), collection);
    note(
        context,
        "collection %s removed with its %d documents".formatted(collection, dropped.documents()));
    return new Result(context.id(), collection, dropped.documents(), null, 0);
  }

  private Result remove(
      WorkingContext context, ToolContext call, String collection, Arguments arguments)
      throws KnowledgeException, ToolException {
    List<String> ids = arguments.documents().stream().distinct().toList();
    List<String> removed = knowledge.forget(call.principal(), collection, ids);
    List<String> unknown = ids.stream().filter(id -> !removed.contains(id)).toList();
    note(
        context,
        "%d documents removed from collection %s: %s"
            .formatted(removed.size(), collection, String.join(", ", removed)));
    return new Result(
        context.id(),
        collection,
        removed.size(),
        unknown.isEmpty() ? null : unknown,
        knowledge.sources(call.principal(), collection).size());
  }

  private static void note(WorkingContext context, String text) throws ToolException {
    context.append(List.of(EntryDraft.text(Roles.RESULT, "forget", text)));
  }
}
