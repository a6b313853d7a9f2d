package dev.qwenmcp.server.knowledge;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntConsumer;
import org.apache.lucene.store.AlreadyClosedException;
import org.apache.lucene.store.LockObtainFailedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One collection: its passages by words at once, and by vectors as soon as they are embedded.
 *
 * <p>It may be open in several processes; each sees what the others wrote within a tenth of a
 * second.
 */
final class LuceneCollection implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LuceneCollection.class);

  /** While another process embeds, and for its progress, one looks again after so long. */
  private static final long LOOK_MILLIS = 200;

  private final Volume volume;
  private final CollectionSettings settings;
  private final KeywordIndex words;
  private final RecentQueries recent = new RecentQueries();
  private final Generations generations;

  /** Threads of this process write one after the other; other processes are waited for beyond. */
  private final ReentrantLock turn = new ReentrantLock(true);

  private final AtomicBoolean embeddingWanted = new AtomicBoolean();
  private volatile boolean closed;
  private volatile Optional<Coverage> coverage = Optional.empty();

  LuceneCollection(Volume volume, CollectionSettings settings)
      throws IOException, KnowledgeException {
    this.volume = volume;
    this.settings = settings;
    this.words = new KeywordIndex(volume.words(), settings.analysis());
    try {
      this.generations = new Generations(volume, settings.choice());
    } catch (IOException | KnowledgeException | RuntimeException e) {
      words.close();
      throw e;
    }
    wantVectors(0);
  }

  Volume volume() {
    return volume;
  }

  /**
   * Adds documents; they are there for good when this returns.
   *
   * @param room how large the collection may become
   * @throws KnowledgeException if it would be larger; nothing has changed
   */
  IngestSummary ingest(List<SourceDocument> documents, IntConsumer progress, Room room)
      throws IOException, KnowledgeException {
    IngestSummary summary;
    takeTurn();
    try (WordWriter writer =
        new WordWriter(volume.words(), settings.analysis(), words, settings.patience())) {
      requireCurrent();
      requireRoom(writer, documents, room);
      Counts counts = new Counts();
      try {
        for (SourceDocument document : documents) {
          put(writer, document, counts);
          counts.done++;
          progress.accept(counts.done);
        }
      } finally { // also when the caller ends it: what it was told of stays
        writer.commit();
      }
      summary = counts.summary(info(writer.totals()));
    } finally {
      turn.unlock();
      refresh();
    }
    return summary;
  }

  private static final class Counts {
    private int done;
    private int added;
    private int replaced;
    private int unchanged;
    private int passages;

    IngestSummary summary(CollectionInfo collection) {
      return new IngestSummary(added, replaced, unchanged, passages, collection);
    }
  }

  private static void put(WordWriter writer, SourceDocument document, Counts counts)
      throws IOException {
    String hash = document.contentHash();
    Optional<Head> there = writer.head(document.id());
    if (there.isPresent() && there.get().hash().equals(hash)) {
      counts.unchanged++;
      counts.passages += there.get().passages();
      return;
    }
    Head head = writer.put(document, hash, document.passages());
    counts.passages += head.passages();
    if (there.isPresent()) {
      counts.replaced++;
    } else {
      counts.added++;
    }
  }

  private void takeTurn() throws LockObtainFailedException {
    try {
      if (!turn.tryLock(settings.patience().toNanos(), TimeUnit.NANOSECONDS)) {
        throw new LockObtainFailedException("other calls are writing");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LockObtainFailedException("interrupted while waiting", e);
    }
  }

  private void requireCurrent() throws KnowledgeException {
    if (closed || !volume.current()) {
      throw new AlreadyClosedException("the collection was removed");
    }
  }

  private void requireRoom(WordWriter writer, List<SourceDocument> documents, Room room)
      throws IOException, KnowledgeException {
    Map<String, Long> after = new HashMap<>();
    documents.forEach(document -> after.put(document.id(), document.characters()));
    long characters = writer.totals().characters();
    for (Map.Entry<String, Long> document : after.entrySet()) {
      long before = writer.head(document.getKey()).map(Head::characters).orElse(0L);
      characters += document.getValue() - before;
    }
    room.require(characters);
  }

  /** Makes what was written visible, and has it embedded. */
  private void refresh() throws IOException {
    if (!closed) {
      words.refresh();
      wantVectors(0);
      synchronized (this) {
        notifyAll();
      }
    }
  }

  /** Removes documents; returns the ids that were there. */
  List<String> forget(List<String> ids) throws IOException, KnowledgeException {
    List<String> removed = new ArrayList<>();
    takeTurn();
    try (WordWriter writer =
        new WordWriter(volume.words(), settings.analysis(), words, settings.patience())) {
      requireCurrent();
      for (String id : ids) {
        if (writer.remove(id)) {
          removed.add(id);
        }
      }
      writer.commit();
    } finally {
      turn.unlock();
      refresh();
    }
    return removed;
  }

  private void wantVectors(long delayMillis) {
    if (embeddingWanted.compareAndSet(false, true)) {
      settings.worker().submit(this::embed, delayMillis);
    }
  }

  private boolean stopping() {
    return closed || settings.worker().closing();
  }

  /** Runs on the worker. */
  private void embed() {
    embeddingWanted.set(false);
    if (stopping()) {
      return;
    }
    PassageEmbedding work =
        new PassageEmbedding(volume, words, settings.embeddingThreads(), this::stopping);
    try {
      PassageEmbedding.End end = fill(work, generations.serving());
      Optional<VectorSet> next = generations.next();
      if (end == PassageEmbedding.End.COMPLETE && next.isPresent() && next.get().fillable()) {
        end =
            work.fill(
                next.get(),
                () -> {
                  notifyProgress();
                  fill(work, serving()); // what was added meanwhile is found sooner so
                });
        if (end == PassageEmbedding.End.COMPLETE && next.get().failed().isEmpty()) {
          generations.advance();
        }
      }
      if (end == PassageEmbedding.End.BUSY) {
        wantVectors(LOOK_MILLIS);
      }
    } catch (AlreadyClosedException e) {
      LOG.debug("{} was closed while it was embedded", volume.name(), e);
    } catch (IOException | KnowledgeException e) {
      if (!closed) {
        LOG.warn("{} cannot be embedded now: {}", volume.name(), e.toString());
      }
    } finally {
      notifyProgress();
    }
  }

  private VectorSet serving() throws IOException {
    try {
      return generations.serving();
    } catch (KnowledgeException e) {
      throw new AlreadyClosedException(e.getMessage(), e);
    }
  }

  /** Whether there is anything to do is found out before the index is opened for writing. */
  private PassageEmbedding.End fill(PassageEmbedding work, VectorSet set) throws IOException {
    if (!set.fillable()) {
      return PassageEmbedding.End.COMPLETE;
    }
    words.refresh();
    set.index().refresh();
    Coverage now = look(set);
    if (now.pending(set.failed()) == 0 && now.stale().length == 0) {
      return PassageEmbedding.End.COMPLETE;
    }
    return work.fill(set, this::notifyProgress);
  }

  private synchronized void notifyProgress() {
    notifyAll();
  }

  /** What is embedded; counted again only where something changed. */
  private Coverage look(VectorSet set) throws IOException {
    try (KeywordIndex.View view = words.view();
        VectorIndex.View near = set.index().view()) {
      return look(view, near);
    }
  }

  private Coverage look(KeywordIndex.View view, VectorIndex.View near) throws IOException {
    Optional<Coverage> known = coverage;
    if (known.isPresent() && known.get().isOf(view, near)) {
      return known.get();
    }
    Coverage now = Coverage.of(view, near);
    coverage = Optional.of(now);
    return now;
  }

  private int pending(VectorSet set) throws IOException {
    return set.fillable() ? look(set).pending(set.failed()) : 0;
  }

  /** Waits; returns how many passages still wait for their vectors. */
  int awaitVectors(Duration atMost) throws IOException, KnowledgeException, InterruptedException {
    long end = System.nanoTime() + atMost.toNanos();
    while (!closed) {
      VectorSet set = generations.serving();
      set.index().refresh();
      int pending = pending(set);
      long left = end - System.nanoTime();
      if (pending == 0 || left <= 0) {
        return pending;
      }
      wantVectors(0);
      synchronized (this) {
        TimeUnit.NANOSECONDS.timedWait(this, Math.min(left, LOOK_MILLIS * 1_000_000));
      }
    }
    return 0;
  }

  CollectionInfo info() throws IOException {
    try (KeywordIndex.View view = words.view()) {
      return info(view.totals());
    }
  }

  private CollectionInfo info(Totals totals) {
    return new CollectionInfo(
        volume.name(), totals.documents(), totals.passages(), totals.characters());
  }

  /** Documents by id. */
  List<SourceInfo> sources() throws IOException, KnowledgeException {
    VectorSet set = generations.serving();
    try (KeywordIndex.View view = words.view();
        VectorIndex.View near = set.index().view()) {
      Coverage now = look(view, near);
      return view.heads().stream()
          .sorted(Comparator.comparing(Head::id))
          .map(head -> head.info(now.vectors(head)))
          .toList();
    }
  }

  /** A document as it was given. */
  Optional<StoredDocument> document(String id) throws IOException, KnowledgeException {
    VectorSet set = generations.serving();
    try (KeywordIndex.View view = words.view();
        VectorIndex.View near = set.index().view()) {
      Optional<Head> head = view.head(id);
      if (head.isEmpty()) {
        return Optional.empty();
      }
      String text =
          view.text(id).orElseThrow(() -> new IllegalStateException("a head without text"));
      return Optional.of(
          new StoredDocument(head.get().info(look(view, near).vectors(head.get())), text));
    }
  }

  SearchResult search(SearchRequest request) throws IOException, KnowledgeException {
    VectorSet set = generations.serving();
    try (KeywordIndex.View view = words.view()) {
      SearchNotes notes = new SearchNotes();
      try (VectorIndex.View near = set.index().view()) {
        Optional<QueryVectors> query = Optional.empty();
        if (request.mode() != SearchMode.KEYWORDS) {
          Coverage now = look(view, near);
          query =
              new QueryEmbedding(set, now, generations.next(), recent).of(request.query(), notes);
        }
        return new PassageSearch(view, near, request, query, settings.reranker(), notes).result();
      } catch (IOException | RuntimeException e) {
        return withoutVectors(view, request, set, notes, e);
      }
    }
  }

  /** If it was the vectors' files that are damaged, words are searched and vectors made again. */
  private SearchResult withoutVectors(
      KeywordIndex.View view,
      SearchRequest request,
      VectorSet set,
      SearchNotes notes,
      Exception failure)
      throws IOException {
    requireSound(view, failure);
    try (VectorIndex.View near = set.index().view()) {
      near.checkIntegrity();
    } catch (AlreadyClosedException e) {
      throw e; // removed meanwhile
    } catch (IOException | RuntimeException damage) {
      LOG.warn(
          "the vectors of {} are damaged and will be made again: {}",
          volume.name(),
          damage.toString());
      generations.discard();
      wantVectors(0);
      notes.add("searched by words only: the vectors' files are damaged and are being made again");
      return new PassageSearch(
              view,
              VectorIndex.View.NONE,
              request.mode(SearchMode.KEYWORDS),
              Optional.empty(),
              settings.reranker(),
              notes)
          .result();
    }
    throw rethrown(failure);
  }

  /** Throws if the words' files are damaged, which may show as any failure of reading them. */
  private static void requireSound(KeywordIndex.View view, Exception failure) throws IOException {
    if (failure instanceof AlreadyClosedException closed) {
      throw closed;
    }
    view.checkIntegrity();
  }

  private static RuntimeException rethrown(Exception failure) throws IOException {
    if (failure instanceof IOException e) {
      throw e;
    }
    throw (RuntimeException) failure;
  }

  @Override
  public void close() throws IOException {
    closed = true;
    notifyProgress();
    try (words) {
      generations.close();
    }
  }

  /** Whether it still is the collection of its name. */
  boolean current() throws KnowledgeException {
    return !closed && volume.current();
  }

  KnowledgeException failure(IOException e) {
    return StorageFailures.of(e, volume);
  }
}
