package dev.qwenmcp.server.tool;

import dev.qwenmcp.server.context.ContextStore;
import dev.qwenmcp.server.context.EntryDraft;
import dev.qwenmcp.server.knowledge.IngestSummary;
import dev.qwenmcp.server.knowledge.KnowledgeBase;
import dev.qwenmcp.server.knowledge.KnowledgeException;
import dev.qwenmcp.server.knowledge.SourceDocument;
import dev.qwenmcp.server.protocol.Doc;
import dev.qwenmcp.server.protocol.Tool;
import dev.qwenmcp.server.protocol.ToolContext;
import dev.qwenmcp.server.protocol.ToolException;
import dev.qwenmcp.server.protocol.ToolSpec;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;

/** Adds documents to a collection. */
final class Ingest implements Tool<Ingest.Arguments, Ingest.Result> {
  static final String DEFAULT_COLLECTION = "default";
  static final String COLLECTION_NAME = "[\\p{L}\\p{N}][\\p{L}\\p{N}._-]{0,63}";

  /** Characters of one call; the longest document alone fits. */
  private static final int MOST_CHARACTERS = 4_000_000;

  /** Many clients give up after 60 seconds, and a model of their own may take its share of them. */
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private static final Duration LOOK = Duration.ofMillis(250);

  private static final int MOST_METADATA = 20;
  private static final int MOST_METADATA_CHARACTERS = 256;

  private final ContextStore contexts;
  private final KnowledgeBase knowledge;

  Ingest(ContextStore contexts, KnowledgeBase knowledge) {
    this.contexts = contexts;
    this.knowledge = knowledge;
  }

  public record Arguments(
      @Doc(value = "Documents to add", minSize = 1, maxSize = 100) List<DocumentInput> documents,
      @Doc(
              value =
                  "Collection to add them to, made if need be; \"default\" if left out. Letters,"
                      + " digits, . _ -",
              optional = true,
              minSize = 1,
              maxSize = 64)
          String collection,
      @Doc(value = WorkingContext.ARGUMENT, optional = true, maxSize = 100) String contextId) {}

  public record DocumentInput(
      @Doc(
              value = "Its name within the collection; one with the same id is replaced",
              minSize = 1,
              maxSize = 256)
          String id,
      @Doc(value = "Title, searched as well", optional = true, maxSize = 500) String title,
      @Doc(value = "Plain text or Markdown", minSize = 1, maxSize = 2_000_000) String text,
      @Doc(
              value =
                  "What retrieve can filter by, such as {\"year\": \"2024\"}; at most 20 names"
                      + " and values of up to 256 characters",
              optional = true)
          Map<String, String> metadata) {
    private SourceDocument document() {
      return new SourceDocument(
          id, title == null ? "" : title, text, metadata == null ? Map.of() : metadata);
    }
  }

  public record Result(
      @Doc(WorkingContext.RESULT) String contextId,
      @Doc("The collection") String collection,
      @Doc("Documents that were new") int added,
      @Doc("Documents that replaced one with the same id") int replaced,
      @Doc("Passages that these documents were cut into") int passages,
      @Doc("Documents in the collection now") int totalDocuments,
      @Doc("Passages in the collection now") int totalPassages,
      @Doc(
              "Passages of the collection whose meaning is still being computed, in the background;"
                  + " they are found by their words already")
          int pendingPassages) {}

  @Override
  public ToolSpec<Arguments, Result> spec() {
    return new ToolSpec<>(
        "ingest",
        "Add documents",
        """
        Adds documents to a collection that retrieve searches. Give each an id: giving it again \
        replaces the document at once. Texts in any language are cut into passages of 120 to 200 \
        words along paragraphs and sentences and can be found by their words as soon as the call \
        returns, by their meaning at the latest when pending_passages of them have been computed in \
        the background (some 40 a second). At most 100 documents and 4 million characters a call. The collections are yours alone and \
        shared by all your servers. A cancelled call leaves the documents added so far.\
        """,
        Arguments.class,
        Result.class,
        new ToolSpec.Hints(false, true, true, false));
  }

  @Override
  public Result call(Arguments arguments, ToolContext call)
      throws ToolException, InterruptedException {
    WorkingContext context = WorkingContext.of(contexts, call, arguments.contextId());
    String collection = collection(arguments.collection());
    List<SourceDocument> documents =
        arguments.documents().stream().map(DocumentInput::document).toList();
    check(documents);
    IngestSummary summary;
    try {
      summary =
          knowledge.ingest(
              call.principal(), collection, documents, done -> told(call, done, documents.size()));
    } catch (CancellationException e) {
      throw new InterruptedException("the call was cancelled");
    } catch (KnowledgeException e) {
      throw failure(e);
    }
    int pending = awaitVectors(collection, documents.size(), call);
    String note =
        "%d documents added to collection %s, %d replaced: %s"
            .formatted(
                summary.added(),
                collection,
                summary.replaced(),
                String.join(", ", documents.stream().map(SourceDocument::id).toList()));
    context.append(List.of(EntryDraft.text(Roles.RESULT, "ingest", note)));
    return new Result(
        context.id(),
        collection,
        summary.added(),
        summary.replaced(),
        summary.passages(),
        summary.collection().documents(),
        summary.collection().passages(),
        pending);
  }

  private static void told(ToolContext call, int done, int all) {
    if (call.cancellation().cancelled()) {
      throw new CancellationException();
    }
    call.progress(done, 2.0 * all, "%d of %d documents".formatted(done, all));
  }

  /**
   * Waits a while for the vectors, so that a search that follows a small ingest compares them.
   *
   * @return passages that still have none
   */
  private int awaitVectors(String collection, int documents, ToolContext call)
      throws ToolException, InterruptedException {
    Deadline deadline = new Deadline(PATIENCE);
    try {
      int all = knowledge.awaitVectors(call.principal(), collection, Duration.ZERO);
      int pending = all;
      int least = all; // another call may add some meanwhile, and progress only rises
      while (pending > 0 && !deadline.passed()) {
        if (call.cancellation().cancelled()) {
          throw new InterruptedException("the call was cancelled");
        }
        pending = knowledge.awaitVectors(call.principal(), collection, LOOK);
        if (pending < least) {
          least = pending;
          call.progress(
              documents * (2 - (double) pending / all),
              2.0 * documents,
              "%d of %d passages embedded".formatted(all - pending, all));
        }
      }
      return pending;
    } catch (KnowledgeException e) {
      throw failure(e);
    }
  }

  private static void check(List<SourceDocument> documents) throws ToolException {
    long characters = 0;
    for (SourceDocument document : documents) {
      if (document.id().isBlank() || document.text().isBlank()) {
        throw new ToolException(
            "empty_document",
            "the document with the id \"%s\" has a blank id or text; leave it out or fill it in"
                .formatted(document.id()));
      }
      checkMetadata(document.metadata());
      characters += document.title().length() + document.text().length();
    }
    if (characters > MOST_CHARACTERS) {
      throw new ToolException(
          "text_too_long",
          "the documents have %,d characters, one call takes %,d; use several calls"
              .formatted(characters, MOST_CHARACTERS));
    }
  }

  static void checkMetadata(Map<String, String> metadata) throws ToolException {
    boolean fits = metadata.size() <= MOST_METADATA;
    for (Map.Entry<String, String> pair : metadata.entrySet()) {
      fits &= pair.getKey().length() <= MOST_METADATA_CHARACTERS;
      fits &= pair.getValue().length() <= MOST_METADATA_CHARACTERS;
    }
    if (!fits) {
      throw new ToolException(
          "invalid_metadata",
          "metadata has at most %d names and values of up to %d characters each; leave some out or shorten them"
              .formatted(MOST_METADATA, MOST_METADATA_CHARACTERS));
    }
  }

  /** The collection's name, checked. */
  static String collection(String name) throws ToolException {
    if (name == null) {
      return DEFAULT_COLLECTION;
    }
    if (!name.matches(COLLECTION_NAME)) {
      throw new ToolException(
          "invalid_collection",
          "\"%s\" is no name of a collection; use up to 64 letters, digits, dots, underscores and hyphens, beginning with a letter or digit"
              .formatted(name));
    }
    return name;
  }

  /** A failure of the knowledge base in the terms of tools. */
  static ToolException failure(KnowledgeException e) {
    return KnowledgeFailure.of(e);
  }
}
