package dev.qwenmcp.server.knowledge;

import dev.qwenmcp.server.text.Span;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;

/** One collection: its passages by words at once, and by vectors as soon as they are embedded. */
final class LuceneCollection implements AutoCloseable {
  /** Passages whose vectors are written together. */
  private static final int BATCH = 32;

  /**
   * Of a text's tokens at least so many are known to a model whose vector of it means something.
   */
  private static final double KNOWN = 0.5;

  private final String name;
  private final Embedders embedders;
  private final EmbeddingWorker worker;
  private final KeywordIndex keywords;
  private final VectorIndex vectors;

  /** Guarded by this, as are {@link #nextId} and {@link #closed}. */
  private final Holdings holdings = new Holdings();

  private long nextId;
  private boolean closed;

  /** Why passages have no vector; empty while nothing went wrong. */
  private volatile String trouble = "";

  LuceneCollection(
      String name, PassageAnalysis analysis, Embedders embedders, EmbeddingWorker worker)
      throws IOException {
    this.name = name;
    this.embedders = embedders;
    this.worker = worker;
    this.keywords = new KeywordIndex(analysis);
    this.vectors = new VectorIndex();
  }

  synchronized IngestSummary ingest(List<SourceDocument> documents, IntConsumer progress)
      throws IOException {
    int replaced = 0;
    int passages = 0;
    int done = 0;
    try {
      for (SourceDocument document : documents) {
        List<Piece> pieces = pieces(document);
        keywords.replace(document, pieces);
        vectors.remove(document.id());
        boolean models = !embedders.all().isEmpty();
        replaced += holdings.put(document, pieces, models) ? 1 : 0;
        if (models) {
          worker.submit(() -> embed(document, pieces));
        }
        passages += pieces.size();
        done++;
        progress.accept(done);
      }
    } finally {
      keywords.refresh();
    }
    return new IngestSummary(documents.size() - replaced, replaced, passages, info());
  }

  private List<Piece> pieces(SourceDocument document) {
    List<Piece> pieces = new ArrayList<>();
    for (Span span : Chunker.chunk(document.text())) {
      pieces.add(new Piece(nextId++, span.of(document.text()), span.start()));
    }
    return pieces;
  }

  /** Runs on the worker: gives a document's passages their vectors, unless it is replaced. */
  private void embed(SourceDocument document, List<Piece> pieces) {
    for (int from = 0; from < pieces.size(); from += BATCH) {
      List<Piece> batch = pieces.subList(from, Math.min(from + BATCH, pieces.size()));
      List<VectorIndex.Entry> entries = new ArrayList<>();
      for (Piece piece : batch) {
        if (Thread.currentThread().isInterrupted()) {
          return;
        }
        embedding(document, piece).ifPresent(entries::add);
      }
      synchronized (this) {
        if (closed || !holdings.isCurrent(document.id(), pieces)) {
          return;
        }
        try {
          vectors.add(document.id(), document.metadata(), entries);
        } catch (IOException e) {
          throw new UncheckedIOException("an index in memory failed", e);
        }
        holdings.embedded(document.id(), batch.size(), entries.size());
        notifyAll();
      }
    }
  }

  private Optional<VectorIndex.Entry> embedding(SourceDocument document, Piece piece) {
    String text =
        document.title().isEmpty() ? piece.text() : document.title() + "\n" + piece.text();
    Optional<Embedder> embedder = embedders.of(text);
    if (embedder.isEmpty()) {
      return Optional.empty();
    }
    EmbeddingModel model = embedder.get().model();
    try {
      Embedding embedding = embedder.get().embed(text);
      if (embedding.known() < KNOWN) {
        return Optional.empty();
      }
      TokenMatrix tokens = TokenMatrix.pack(embedding.tokens(), model.dimension());
      return Optional.of(new VectorIndex.Entry(piece.id(), model, embedding.vector(), tokens));
    } catch (EmbeddingException e) {
      trouble = e.getMessage();
      return Optional.empty();
    }
  }

  /** Waits; returns how many passages still wait for their vectors. */
  synchronized int awaitVectors(Duration atMost) throws InterruptedException {
    long end = System.nanoTime() + atMost.toNanos();
    while (holdings.pending() > 0 && !closed) {
      long left = end - System.nanoTime();
      if (left <= 0) {
        break;
      }
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
    return closed ? 0 : holdings.pending();
  }

  /** How many characters the collection would grow by. */
  synchronized long growth(List<SourceDocument> documents) {
    return holdings.growth(documents);
  }

  synchronized CollectionInfo info() {
    return holdings.info(name);
  }

  synchronized List<SourceInfo> sources() {
    return holdings.sources();
  }

  /** Removes documents; returns the ids that were there. */
  synchronized List<String> forget(List<String> ids) throws IOException {
    List<String> removed = new ArrayList<>();
    for (String id : ids) {
      if (holdings.remove(id)) {
        keywords.remove(id);
        vectors.remove(id);
        removed.add(id);
      }
    }
    keywords.refresh();
    notifyAll();
    return removed;
  }

  SearchResult search(SearchRequest request) throws IOException {
    List<String> notes = new ArrayList<>();
    Optional<QueryVectors> query =
        request.mode() == SearchMode.KEYWORDS
            ? Optional.empty()
            : queryVectors(request.query(), notes);
    try (KeywordIndex.View words = keywords.view();
        VectorIndex.View near = vectors.view()) {
      PassageSearch search = new PassageSearch(words, near, request, query);
      return new SearchResult(search.passages(), search.mode(), List.copyOf(notes));
    }
  }

  /** The query's vectors; where there is nothing to compare, a note says why. */
  private Optional<QueryVectors> queryVectors(String query, List<String> notes) {
    Optional<Embedder> embedder = embedders.of(query);
    if (embedder.isEmpty()) {
      notes.add("searched by words only: there is no embedding model for the query's language");
      return Optional.empty();
    }
    String problem = trouble;
    synchronized (this) {
      if (holdings.pending() > 0) {
        notes.add(
            "%,d passages are still being embedded: until then they are found by their words only"
                .formatted(holdings.pending()));
      } else if (holdings.vectors() == 0) {
        notes.add(
            "searched by words only: " + (problem.isEmpty() ? "no passage has a vector" : problem));
        return Optional.empty();
      }
    }
    if (!problem.isEmpty()) {
      notes.add("some passages are found by their words only: " + problem);
    }
    try {
      Embedding embedding = embedder.get().embed(query);
      if (embedding.known() < KNOWN) {
        notes.add(
            "searched by words only: %s does not know the query's script"
                .formatted(embedder.get().model().name()));
        return Optional.empty();
      }
      return Optional.of(new QueryVectors(embedder.get().model(), embedding));
    } catch (EmbeddingException e) {
      notes.add("searched by words only: " + e.getMessage());
      return Optional.empty();
    }
  }

  @Override
  public void close() throws IOException {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    keywords.close();
    vectors.close();
  }
}
