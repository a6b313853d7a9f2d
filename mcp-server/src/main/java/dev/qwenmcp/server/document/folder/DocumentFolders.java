package dev.qwenmcp.server.document.folder;

import dev.qwenmcp.server.document.reader.DocumentReader;
import dev.qwenmcp.server.knowledge.KnowledgeBase;
import dev.qwenmcp.server.knowledge.KnowledgeException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;

/** Files and folders as sources of a knowledge base; safe for many threads. */
public final class DocumentFolders implements AutoCloseable {
  private final KnowledgeBase knowledge;
  private final AllowedRoots roots;
  private final DocumentReader reader;
  private final InstantSource clock;
  private final FolderWatches watches;

  /**
   * Reads nothing yet.
   *
   * @param roots what may be read
   * @param reader reads the documents; closed with this
   */
  public DocumentFolders(
      KnowledgeBase knowledge, AllowedRoots roots, DocumentReader reader, InstantSource clock) {
    this.knowledge = knowledge;
    this.roots = roots;
    this.reader = reader;
    this.clock = clock;
    this.watches = new FolderWatches(this, knowledge);
  }

  /** What may be read. */
  public AllowedRoots roots() {
    return roots;
  }

  /**
   * Brings a collection into line with a file or folder. Each batch of documents is kept as soon as
   * it is told of; calling again goes on.
   *
   * @param budget after which no further file is read
   * @throws PathException if it may not be read, or cannot be at all
   * @throws KnowledgeException if the collection does not take the documents; what was told of is
   *     kept
   */
  public SyncReport ingest(FolderRequest request, Duration budget, SyncProgress progress)
      throws PathException, KnowledgeException {
    long end = System.nanoTime() + budget.toNanos();
    return sync(request, new HashMap<>(), progress)
        .run(scan(request), looked -> looked > 0 && System.nanoTime() - end > 0);
  }

  /** The same without end, for a watch, which remembers the files that could not be read. */
  SyncReport follow(FolderRequest request, Map<Path, FailedRead> failed, SyncProgress progress)
      throws PathException, KnowledgeException {
    return sync(request, failed, progress).run(scan(request), looked -> false);
  }

  private FolderSync sync(
      FolderRequest request, Map<Path, FailedRead> failed, SyncProgress progress) {
    return new FolderSync(
        new FolderSync.Tools(knowledge, reader, clock), request, failed, progress);
  }

  /** What is to be read now. */
  FolderScan scan(FolderRequest request) throws PathException {
    return Files.isDirectory(request.path())
        ? FolderScan.of(request.path(), request.selection().matcher(), request.within())
        : FolderScan.ofFile(request.path());
  }

  /**
   * Has a collection follow a folder until {@link #unwatch} or the end: what is saved there is
   * found within about a second.
   *
   * @throws PathException if it is no folder or cannot be watched
   */
  public void watch(FolderRequest request) throws PathException {
    watches.add(request);
  }

  /** Ends a watch; returns whether there was one. */
  public boolean unwatch(FolderRequest request) {
    return watches.remove(request);
  }

  /** Whether a collection follows a folder. */
  public boolean watches(FolderRequest request) {
    return watches.has(request);
  }

  @Override
  public void close() {
    watches.close();
    reader.close();
  }
}
