package dev.qwenmcp.server.tool;

import dev.qwenmcp.server.context.ContextStore;
import dev.qwenmcp.server.knowledge.CollectionInfo;
import dev.qwenmcp.server.knowledge.KnowledgeBase;
import dev.qwenmcp.server.knowledge.KnowledgeException;
import dev.qwenmcp.server.knowledge.SourceInfo;
import dev.qwenmcp.server.protocol.Doc;
import dev.qwenmcp.server.protocol.Tool;
import dev.qwenmcp.server.protocol.ToolContext;
import dev.qwenmcp.server.protocol.ToolException;
import dev.qwenmcp.server.protocol.ToolSpec;
import java.util.List;
import java.util.Map;

/** Lists the caller's collections and the documents of one. */
final class ListSources implements Tool<ListSources.Arguments, ListSources.Result> {
  private static final int LIMIT = 100;

  private final ContextStore contexts;
  private final KnowledgeBase knowledge;

  ListSources(ContextStore contexts, KnowledgeBase knowledge) {
    this.contexts = contexts;
    this.knowledge = knowledge;
  }

  public record Arguments(
      @Doc(
              value = "Collection whose documents are listed, \"default\" if left out",
              optional = true,
              minSize = 1,
              maxSize = 64)
          String collection,
      @Doc(value = "Only documents whose id comes after this one", optional = true, maxSize = 256)
          String after,
      @Doc(value = "Most documents, 100 if left out", optional = true, min = 1, max = 1000)
          Integer limit,
      @Doc(
              value = "A context, to renew its lifetime; none is opened here",
              optional = true,
              maxSize = 100)
          String contextId) {}

  public record Result(
      @Doc(value = "The context given, if one was", optional = true) String contextId,
      @Doc("The collection that was listed") String collection,
      @Doc("Its documents by id") List<SourceView> documents,
      @Doc(value = "Goes on with the next page as after; left out on the last", optional = true)
          String nextAfter,
      @Doc("All collections of this caller") List<CollectionView> collections) {}

  public record SourceView(
      @Doc("Its id") String id,
      @Doc("Its title, possibly empty") String title,
      @Doc("Passages that it was cut into") int passages,
      @Doc("How many of them have a vector") int vectors,
      @Doc("UTF-16 units of title and text") long characters,
      @Doc("What it was ingested with, and what retrieve can filter by")
          Map<String, String> metadata,
      @Doc("Reads its text as a resource") String uri) {
    private static SourceView of(String collection, SourceInfo info) {
      return new SourceView(
          info.id(),
          info.title(),
          info.passages(),
          info.vectors(),
          info.characters(),
          info.metadata(),
          KnowledgeUri.ofDocument(collection, info.id()).toString());
    }
  }

  public record CollectionView(
      @Doc("Its name") String name,
      @Doc("Documents") int documents,
      @Doc("Passages that they were cut into") int passages,
      @Doc("UTF-16 units of titles and texts") long characters,
      @Doc(value = "Why it cannot be used, and what to do", optional = true) String problem) {
    private static CollectionView of(CollectionInfo info) {
      return new CollectionView(
          info.name(),
          info.documents(),
          info.passages(),
          info.characters(),
          info.problem().isEmpty() ? null : info.problem());
    }
  }

  @Override
  public ToolSpec<Arguments, Result> spec() {
    return new ToolSpec<>(
        "list_sources",
        "List documents",
        """
        Lists the documents of a collection by id, with title, passages and characters, and the \
        names and sizes of all collections. Use it to see what retrieve can find and what forget \
        can remove.\
        """,
        Arguments.class,
        Result.class,
        new ToolSpec.Hints(true, false, true, false));
  }

  @Override
  public Result call(Arguments arguments, ToolContext call) throws ToolException {
    WorkingContext.of(contexts, call, arguments.contextId());
    String collection = Ingest.collection(arguments.collection());
    int limit = arguments.limit() == null ? LIMIT : arguments.limit();
    String after = arguments.after() == null ? "" : arguments.after();
    List<SourceInfo> sources;
    List<CollectionInfo> collections;
    try {
      collections = knowledge.collections(call.principal());
      sources =
          knowledge.sources(call.principal(), collection).stream()
              .filter(source -> source.id().compareTo(after) > 0)
              .toList();
    } catch (KnowledgeException e) {
      throw Ingest.failure(e);
    }
    List<SourceInfo> page = sources.subList(0, Math.min(limit, sources.size()));
    return new Result(
        arguments.contextId(),
        collection,
        page.stream().map(info -> SourceView.of(collection, info)).toList(),
        page.size() < sources.size() ? page.getLast().id() : null,
        collections.stream().map(CollectionView::of).toList());
  }
}
