package dev.qwenmcp.server.tool;

import dev.qwenmcp.server.context.ContextStore;
import dev.qwenmcp.server.context.EntryDraft;
import dev.qwenmcp.server.document.Document;
import dev.qwenmcp.server.document.DocumentChunker;
import dev.qwenmcp.server.document.Markdown;
import dev.qwenmcp.server.document.folder.DocumentFolders;
import dev.qwenmcp.server.document.folder.FileFailure;
import dev.qwenmcp.server.document.folder.SyncReport;
import dev.qwenmcp.server.knowledge.CollectionInfo;
import dev.qwenmcp.server.knowledge.IngestSummary;
import dev.qwenmcp.server.knowledge.KnowledgeBase;
import dev.qwenmcp.server.knowledge.KnowledgeException;
import dev.qwenmcp.server.knowledge.SourceDocument;
import dev.qwenmcp.server.protocol.Doc;
import dev.qwenmcp.server.protocol.TaskSupport;
import dev.qwenmcp.server.protocol.Tool;
import dev.qwenmcp.server.protocol.ToolContext;
import dev.qwenmcp.server.protocol.ToolException;
import dev.qwenmcp.server.protocol.ToolSpec;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;

/** Adds documents to a collection. */
final class Ingest implements Tool<Ingest.Arguments, Ingest.Result> {
  static final String DEFAULT_COLLECTION = "default";
  static final String COLLECTION_NAME = "[\\p{L}\\p{N}][\\p{L}\\p{N}._-]{0,63}";

  /** Characters of one call; the longest document alone fits. */
  private static final int MOST_CHARACTERS = 4_000_000;

  /** Many clients give up after 60 seconds, and a model of their own may take its share of them. */
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /** Results that are too long are not shown by clients. */
  private static final int MOST_FAILURES = 50;

  private static final Duration LOOK = Duration.ofMillis(250);

  private static final int MOST_METADATA = 20;
  private static final int MOST_METADATA_CHARACTERS = 256;

  private final ContextStore contexts;
  private final KnowledgeBase knowledge;
  private final DocumentFolders folders;

  Ingest(ContextStore contexts, KnowledgeBase knowledge, DocumentFolders folders) {
    this.contexts = contexts;
    this.knowledge = knowledge;
    this.folders = folders;
  }

  public record Arguments(
      @Doc(
              value = "Documents to add whose text you have; or give path",
              optional = true,
              minSize = 1,
              maxSize = 100)
          List<DocumentInput> documents,
      @Doc(
              value =
                  "A file or folder on the server's machine to add, as a path or file: URI. A folder"
                      + " is read with all below it and brought into line when given again: changed"
                      + " files are replaced, documents whose file is gone are removed",
              optional = true,
              minSize = 1,
              maxSize = 4096)
          String path,
      @Doc(
              value =
                  "Only files of the folder that match one of these, such as \"*.md\" (at any depth)"
                      + " or \"docs/**\"",
              optional = true,
              maxSize = 50)
          List<String> include,
      @Doc(
              value =
                  "No file or folder that matches one of these, such as \"drafts\" or \"*.log\"",
              optional = true,
              maxSize = 50)
          List<String> exclude,
      @Doc(
              value =
                  "true: follow the folder from now on, what is saved there is found within about a"
                      + " second, until false or the end of the server",
              optional = true)
          Boolean watch,
      @Doc(
              value =
                  "Metadata of all documents of path, such as {\"project\": \"x\"}; at most 20 names"
                      + " and values of up to 256 characters",
              optional = true)
          Map<String, String> metadata,
      @Doc(
              value =
                  "Collection to add them to, made if need be; \"default\" if left out. Letters,"
                      + " digits, . _ -",
              optional = true,
              minSize = 1,
              maxSize = 64)
          String collection,
      @Doc(value = WorkingContext.ARGUMENT, optional = true, maxSize = 100) String contextId) {
    /** Documents by their text. */
    public Arguments(List<DocumentInput> documents, String collection, String contextId) {
      this(documents, null, null, null, null, null, collection, contextId);
    }
  }

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
    /** The document with the structure that its text shows. */
    private SourceDocument document() {
      Document read = Markdown.read(text);
      Map<String, String> fields = new HashMap<>(read.metadata());
      if (metadata != null) {
        fields.putAll(metadata);
      }
      boolean titled = title != null && !title.isBlank();
      Document named =
          titled ? new Document(title, text, read.blocks(), Map.of(), read.mediaType()) : read;
      return new SourceDocument(id, named.title(), text, fields, DocumentChunker.chunk(named));
    }
  }

  public record Result(
      @Doc(WorkingContext.RESULT) String contextId,
      @Doc("The collection") String collection,
      @Doc("Documents that were new") int added,
      @Doc("Documents that replaced one with the same id") int replaced,
      @Doc("Documents that were left as they are, because nothing has changed") int unchanged,
      @Doc("Documents that were removed, because their file is gone or not chosen any more")
          int removed,
      @Doc("Files of the folder that are no documents, such as pictures") int skipped,
      @Doc("Files that could not be read") int failed,
      @Doc("Which of them and why, the first 50") List<FailureView> failures,
      @Doc("Files that time did not suffice for; the same call again goes on with them")
          int remaining,
      @Doc("Whether the folder is followed") boolean watching,
      @Doc("Passages that the added and replaced documents were cut into") int passages,
      @Doc("Documents in the collection now") int totalDocuments,
      @Doc("Passages in the collection now") int totalPassages,
      @Doc(
              "Passages of the collection whose meaning is still being computed, in the background;"
                  + " they are found by their words already")
          int pendingPassages) {}

  /** A file that was not read. */
  public record FailureView(
      @Doc("Its path within the folder") String path,
      @Doc("Why; goes on after the path") String reason) {
    private static FailureView of(FileFailure failure) {
      return new FailureView(failure.path(), failure.reason());
    }
  }

  @Override
  public ToolSpec<Arguments, Result> spec() {
    return new ToolSpec<>(
        "ingest",
        "Add documents",
        """
        Adds documents to a collection that retrieve searches: texts that you give, or a file or \
        folder of the server's machine (path): text, Markdown, HTML, PDF, Word, Excel, PowerPoint, \
        OpenDocument, RTF, EPUB. Only folders that the server was started with (--allow-root) can be \
        read. Give a text an id: giving it again replaces the document at once. Give a folder again \
        to bring the collection into line with it, or follow it with watch. Documents in any \
        language are cut into passages of 120 to 200 words along headings, paragraphs and sentences \
        and can be found by their words as soon as the call returns, by their meaning at the latest \
        when pending_passages of them have been computed in the background (some 40 a second). At \
        most 100 texts and 4 million characters a call, 20,000 files a folder, 64 MiB a file. A call \
        reads files for 40 seconds at most; while remaining is more than 0, call again. The \
        collections are yours alone and shared by all your servers. A cancelled call leaves the \
        documents added so far.\
        """,
        Arguments.class,
        Result.class,
        new ToolSpec.Hints(false, true, true, false));
  }

  /**
   * What was done, from texts or from files.
   *
   * @param steps progress that was told of
   * @param note for the context
   */
  record Done(SyncReport report, int steps, String note, boolean watching) {}

  @Override
  public TaskSupport tasks() {
    return TaskSupport.OPTIONAL;
  }

  @Override
  public Result call(Arguments arguments, ToolContext call)
      throws ToolException, InterruptedException {
    checkKind(arguments);
    WorkingContext context = WorkingContext.of(contexts, call, arguments.contextId());
    String collection = collection(arguments.collection());
    Deadline patience = new Deadline(PATIENCE);
    Done done;
    Optional<CollectionInfo> info;
    try {
      done =
          arguments.path() == null
              ? texts(arguments, collection, call)
              : new FolderIngest(folders).run(arguments, collection, call);
      info = info(call, collection);
    } catch (CancellationException e) {
      throw new InterruptedException("the call was cancelled");
    } catch (KnowledgeException e) {
      throw failure(e);
    }
    SyncReport report = done.report;
    int pending = info.isEmpty() ? 0 : awaitVectors(collection, done.steps, patience, call);
    context.append(List.of(EntryDraft.text(Roles.RESULT, "ingest", done.note)));
    return new Result(
        context.id(),
        collection,
        report.added(),
        report.replaced(),
        report.unchanged(),
        report.removed(),
        report.skipped(),
        report.failures().size(),
        report.failures().stream().limit(MOST_FAILURES).map(FailureView::of).toList(),
        report.remaining(),
        done.watching,
        report.passages(),
        info.map(CollectionInfo::documents).orElse(0),
        info.map(CollectionInfo::passages).orElse(0),
        pending);
  }

  private Optional<CollectionInfo> info(ToolContext call, String collection)
      throws KnowledgeException {
    return knowledge.collections(call.principal()).stream()
        .filter(each -> each.name().equals(collection))
        .findFirst();
  }

  private static void checkKind(Arguments arguments) throws ToolException {
    boolean texts = arguments.documents() != null;
    boolean forFiles =
        arguments.include() != null
            || arguments.exclude() != null
            || arguments.watch() != null
            || arguments.metadata() != null;
    if (texts == (arguments.path() != null)) {
      throw new ToolException(
          "conflicting_arguments", "give either documents, with their texts, or a path");
    }
    if (texts && forFiles) {
      throw new ToolException(
          "conflicting_arguments",
          "include, exclude, watch and metadata go with path; documents have metadata of their own");
    }
  }

  private Done texts(Arguments arguments, String collection, ToolContext call)
      throws ToolException, KnowledgeException {
    check(arguments.documents());
    List<SourceDocument> documents =
        arguments.documents().stream().map(DocumentInput::document).toList();
    IngestSummary summary =
        knowledge.ingest(
            call.principal(), collection, documents, done -> told(call, done, documents.size()));
    SyncReport report =
        new SyncReport(
            summary.added(),
            summary.replaced(),
            0,
            summary.unchanged(),
            0,
            0,
            summary.passages(),
            List.of());
    String note =
        "%d documents added to collection %s, %d replaced: %s"
            .formatted(
                summary.added(),
                collection,
                summary.replaced(),
                String.join(", ", documents.stream().map(SourceDocument::id).toList()));
    return new Done(report, documents.size(), note, false);
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
  private int awaitVectors(String collection, int steps, Deadline deadline, ToolContext call)
      throws ToolException, InterruptedException {
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
              steps * (2 - (double) pending / all),
              2.0 * steps,
              "%d of %d passages embedded".formatted(all - pending, all));
        }
      }
      return pending;
    } catch (KnowledgeException e) {
      throw failure(e);
    }
  }

  private static void check(List<DocumentInput> documents) throws ToolException {
    long characters = 0;
    for (DocumentInput document : documents) {
      if (document.id().isBlank() || document.text().isBlank()) {
        throw new ToolException(
            "empty_document",
            "the document with the id \"%s\" has a blank id or text; leave it out or fill it in"
                .formatted(document.id()));
      }
      checkMetadata(document.metadata() == null ? Map.of() : document.metadata());
      characters += document.title() == null ? 0 : document.title().length();
      characters += document.text().length();
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
