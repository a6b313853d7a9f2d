package dev.qwenmcp.server.tool;

import dev.qwenmcp.server.document.folder.AllowedRoots;
import dev.qwenmcp.server.document.folder.DocumentFolders;
import dev.qwenmcp.server.document.folder.FileSelection;
import dev.qwenmcp.server.document.folder.FolderRequest;
import dev.qwenmcp.server.document.folder.PathException;
import dev.qwenmcp.server.document.folder.SyncReport;
import dev.qwenmcp.server.knowledge.KnowledgeException;
import dev.qwenmcp.server.protocol.ToolContext;
import dev.qwenmcp.server.protocol.ToolException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;

/** The part of {@link Ingest} that reads files and folders. */
final class FolderIngest {
  /** Many clients give up after 60 seconds. */
  private static final Duration READING = Duration.ofSeconds(40);

  private final DocumentFolders folders;

  FolderIngest(DocumentFolders folders) {
    this.folders = folders;
  }

  /**
   * Brings a collection into line with the path of a call.
   *
   * @throws CancellationException if the call was cancelled
   * @throws KnowledgeException if the collection does not take the documents
   * @throws InterruptedException if the call was cancelled while the client was asked
   * @throws ToolException if the path may not or cannot be read
   */
  Ingest.Done run(Ingest.Arguments arguments, String collection, ToolContext call)
      throws ToolException, KnowledgeException, InterruptedException {
    try {
      return files(arguments, collection, call);
    } catch (PathException e) {
      throw failure(e);
    }
  }

  private Ingest.Done files(Ingest.Arguments arguments, String collection, ToolContext call)
      throws ToolException, KnowledgeException, PathException, InterruptedException {
    Map<String, String> metadata = arguments.metadata() == null ? Map.of() : arguments.metadata();
    Ingest.checkMetadata(metadata);
    AllowedRoots within = new ClientRoots(call).within(folders.roots());
    FolderRequest request =
        new FolderRequest(
            call.principal(),
            collection,
            within.resolve(arguments.path()),
            within,
            new FileSelection(
                arguments.include() == null ? List.of() : arguments.include(),
                arguments.exclude() == null ? List.of() : arguments.exclude()),
            metadata);
    if (Boolean.FALSE.equals(arguments.watch())) {
      folders.unwatch(request);
    }
    long start = System.nanoTime();
    SyncReport report =
        folders.ingest(
            request,
            READING,
            (done, all, passages) -> {
              if (call.cancellation().cancelled()) {
                throw new CancellationException();
              }
              double seconds = Math.max(0.001, (System.nanoTime() - start) / 1e9);
              call.progress(
                  done,
                  2.0 * all,
                  "%d of %d files, %.0f files and %.0f passages a second"
                      .formatted(done, all, done / seconds, passages / seconds));
            });
    boolean file = !Files.isDirectory(request.path());
    if (file && !report.failures().isEmpty()) {
      throw new ToolException(
          "document_not_read",
          "%s %s".formatted(request.path(), report.failures().getFirst().reason()));
    }
    if (Boolean.TRUE.equals(arguments.watch())) {
      folders.watch(request);
    }
    String note =
        "%s read into collection %s: %d documents added, %d replaced, %d unchanged, %d removed, %d files failed"
            .formatted(
                request.path(),
                collection,
                report.added(),
                report.replaced(),
                report.unchanged(),
                report.removed(),
                report.failures().size());
    int steps =
        report.added()
            + report.replaced()
            + report.unchanged()
            + report.skipped()
            + report.failures().size();
    return new Ingest.Done(report, steps, note, folders.watches(request));
  }

  /** A failure of a path in the terms of tools. */
  private static ToolException failure(PathException e) {
    return new ToolException(
        switch (e.kind()) {
          case NOT_ALLOWED -> "path_not_allowed";
          case NOT_FOUND -> "path_not_found";
          case INVALID -> "invalid_path";
          case TOO_LARGE -> "folder_too_large";
          case FAILED -> "path_not_read";
        },
        e.getMessage());
  }
}
