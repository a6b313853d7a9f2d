package dev.qwenmcp.server.document.folder;

import dev.qwenmcp.server.document.Document;
import dev.qwenmcp.server.document.DocumentChunker;
import dev.qwenmcp.server.document.DocumentException;
import dev.qwenmcp.server.document.folder.FolderScan.FoundFile;
import dev.qwenmcp.server.document.reader.DocumentReader;
import dev.qwenmcp.server.knowledge.IngestSummary;
import dev.qwenmcp.server.knowledge.KnowledgeBase;
import dev.qwenmcp.server.knowledge.KnowledgeException;
import dev.qwenmcp.server.knowledge.SourceDocument;
import dev.qwenmcp.server.knowledge.SourceInfo;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Brings a collection into line with a file or folder, once: documents of files that are gone are
 * removed, files that are as they were are not read, the others are read, cut and added in batches.
 *
 * <p>A file is as it was if its size and time are, else if its bytes are (SHA-256). For one thread.
 */
final class FolderSync {
  private static final int BATCH_DOCUMENTS = 64;
  private static final int BATCH_CHARACTERS = 2_000_000;

  /** What waits longer is added, so that it is found and kept. */
  private static final Duration BATCH_TIME = Duration.ofSeconds(2);

  private static final int MOST_ID = 1024;

  private final KnowledgeBase knowledge;
  private final DocumentReader reader;
  private final InstantSource clock;
  private final FolderRequest request;
  private final Map<Path, FailedRead> failed;
  private final SyncProgress progress;

  /** What it works with. */
  record Tools(KnowledgeBase knowledge, DocumentReader reader, InstantSource clock) {}

  private final List<SourceDocument> batch = new ArrayList<>();
  private final List<FileFailure> failures = new ArrayList<>();
  private int batchCharacters;
  private long batchSince;
  private int all;
  private int done;
  private int added;
  private int replaced;
  private int removed;
  private int unchanged;
  private int skipped;
  private int passages;

  /**
   * @param failed files that are not read again while they are as they were then; more are added
   */
  FolderSync(
      Tools tools, FolderRequest request, Map<Path, FailedRead> failed, SyncProgress progress) {
    this.knowledge = tools.knowledge;
    this.reader = tools.reader;
    this.clock = tools.clock;
    this.request = request;
    this.failed = failed;
    this.progress = progress;
  }

  /**
   * Goes through the files.
   *
   * @param enough whether no further file is to be read
   * @throws KnowledgeException if the collection does not take them; batches before are kept
   */
  SyncReport run(FolderScan scan, Predicate<Integer> enough) throws KnowledgeException {
    Map<String, SourceInfo> known = known();
    all = scan.files().size();
    failures.addAll(scan.failures());
    removeGone(scan, known);
    int looked = 0;
    for (FoundFile file : scan.files()) {
      if (enough.test(looked)) {
        break;
      }
      Optional<SourceInfo> before = Optional.ofNullable(known.get(file.path().toString()));
      look(file, before);
      looked++;
      boolean waited = System.nanoTime() - batchSince > BATCH_TIME.toNanos();
      if (batch.size() >= BATCH_DOCUMENTS
          || batchCharacters >= BATCH_CHARACTERS
          || !batch.isEmpty() && waited) {
        flush();
      }
      progress.told(done, all, passages);
    }
    flush();
    progress.told(done, all, passages);
    return new SyncReport(
        added, replaced, removed, unchanged, skipped, all - looked, passages, failures);
  }

  private Map<String, SourceInfo> known() throws KnowledgeException {
    Map<String, SourceInfo> known = new HashMap<>();
    try {
      for (SourceInfo source : knowledge.sources(request.principal(), request.collection())) {
        if (SourceFields.fromFile(source)) {
          known.put(source.id(), source);
        }
      }
    } catch (KnowledgeException e) {
      if (e.kind() != KnowledgeException.Kind.UNKNOWN_COLLECTION) {
        throw e;
      }
    }
    return known;
  }

  private void removeGone(FolderScan scan, Map<String, SourceInfo> known)
      throws KnowledgeException {
    if (scan.folders().isEmpty()) {
      return; // a single file
    }
    Set<String> found = new HashSet<>();
    scan.files().forEach(file -> found.add(file.path().toString()));
    List<String> gone =
        known.values().stream()
            .filter(source -> !found.contains(source.id()) && isGone(source, scan))
            .map(SourceInfo::id)
            .toList();
    if (!gone.isEmpty()) {
      removed = knowledge.forget(request.principal(), request.collection(), gone).size();
    }
  }

  /**
   * Whether a document that the scan did not find is to go: it came from this folder, or from a
   * folder or file below it and is not there any more. Where a folder could not be listed, nothing
   * of it is taken for gone.
   */
  private boolean isGone(SourceInfo source, FolderScan scan) {
    Path path = Path.of(source.id());
    boolean fromHere =
        SourceFields.get(source, SourceFields.FOLDER)
            .equals(Optional.of(request.path().toString()));
    boolean below = path.startsWith(request.path());
    return scan.unknown().stream().noneMatch(path::startsWith)
        && (fromHere || below && !Files.exists(path, LinkOption.NOFOLLOW_LINKS));
  }

  private void look(FoundFile file, Optional<SourceInfo> before) throws KnowledgeException {
    FileContent.State state = new FileContent.State(-1, Instant.EPOCH);
    try {
      state = FileContent.state(file.path());
      Optional<FailedRead> last = Optional.ofNullable(failed.get(file.path()));
      if (last.isPresent() && last.get().state().equals(state)) {
        note(last.get());
        return;
      }
      failed.remove(file.path());
      if (isUnchanged(before, SourceFields.STAMP, state.stamp(clock.instant()))) {
        unchanged++;
        done++;
        return;
      }
      FileContent content = FileContent.read(file.path());
      if (isUnchanged(before, SourceFields.SHA256, Optional.of(content.sha256()))) {
        unchanged++;
        done++;
        return;
      }
      Document document = reader.read(content.bytes(), file.path().getFileName().toString());
      add(source(file, content, document));
    } catch (DocumentException e) {
      boolean isDocument =
          e.kind() != DocumentException.Kind.UNSUPPORTED || isAsked(file) || before.isPresent();
      String kept = before.isPresent() ? "; what was read of it before stays" : "";
      FileFailure failure = new FileFailure(file.relative(), e.getMessage() + kept);
      FailedRead read = new FailedRead(state, failure, isDocument);
      failed.put(file.path(), read);
      note(read);
    }
  }

  private void note(FailedRead read) {
    done++;
    if (read.document()) {
      failures.add(read.failure());
    } else {
      skipped++;
    }
  }

  /** Whether a document has a field with the value that its file has now, and was read alike. */
  private boolean isUnchanged(Optional<SourceInfo> before, String field, Optional<String> now) {
    return now.isPresent()
        && before.flatMap(source -> SourceFields.get(source, field)).equals(now)
        && before
            .flatMap(source -> SourceFields.get(source, SourceFields.READ_AS))
            .equals(Optional.of(SourceFields.readAs(request)));
  }

  /** Whether this very file was asked for. */
  private boolean isAsked(FoundFile file) {
    return file.path().equals(request.path());
  }

  private SourceDocument source(FoundFile file, FileContent content, Document document)
      throws DocumentException {
    String id = file.path().toString();
    if (id.length() > MOST_ID) {
      throw new DocumentException(
          DocumentException.Kind.FAILED,
          "has a path of more than %,d characters; move it".formatted(MOST_ID));
    }
    String name = file.path().getFileName().toString();
    Map<String, String> fields = new TreeMap<>(SourceFields.of(file, content, document, request));
    content.state().stamp(clock.instant()).ifPresent(s -> fields.put(SourceFields.STAMP, s));
    return new SourceDocument(
        id,
        document.title().isEmpty() ? name : document.title(),
        document.text(),
        fields,
        DocumentChunker.chunk(document));
  }

  private void add(SourceDocument document) throws KnowledgeException {
    if (batchCharacters + document.text().length() > 2 * BATCH_CHARACTERS) {
      flush();
    }
    if (batch.isEmpty()) {
      batchSince = System.nanoTime();
    }
    batch.add(document);
    batchCharacters += document.text().length();
  }

  private void flush() throws KnowledgeException {
    if (batch.isEmpty()) {
      return;
    }
    int before = done;
    IngestSummary summary =
        knowledge.ingest(
            request.principal(),
            request.collection(),
            List.copyOf(batch),
            in -> progress.told(before + in, all, passages));
    done += batch.size();
    added += summary.added();
    replaced += summary.replaced();
    unchanged += summary.unchanged();
    passages += summary.passages();
    batch.clear();
    batchCharacters = 0;
  }
}
