package dev.qwenmcp.server.knowledge;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.lucene.document.BinaryDocValuesField;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field.Store;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.SerialMergeScheduler;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.LockObtainFailedException;

/**
 * Writes the vectors of passages; while it is open, no other process makes vectors for this index.
 */
final class VectorWriter implements AutoCloseable {
  private final Directory directory;
  private final IndexWriter writer;

  /**
   * Owns the directory from here on, also when it fails.
   *
   * @throws LockObtainFailedException if another process is at it
   */
  VectorWriter(Directory directory) throws IOException {
    this.directory = directory;
    try {
      IndexWriterConfig config = new IndexWriterConfig();
      config.setMergeScheduler(new SerialMergeScheduler()); // no thread for each collection
      config.setCommitOnClose(false);
      this.writer = new IndexWriter(directory, config);
    } catch (IOException | RuntimeException e) {
      directory.close();
      throw e;
    }
  }

  /**
   * A passage that went through the models.
   *
   * @param passage it
   * @param vectors what they made of it; empty where none knows its script
   */
  record Entry(KeywordIndex.Stored passage, Optional<Vectors> vectors) {}

  /**
   * A passage's vectors by one model.
   *
   * @param tokens of its tokens, packed
   * @param title of its title alone, a single row, where that is compared by itself
   */
  record Vectors(
      EmbeddingModel model, Embedding text, TokenMatrix tokens, Optional<TokenMatrix> title) {}

  void add(List<Entry> entries) throws IOException {
    List<Document> documents = new ArrayList<>();
    for (Entry entry : entries) {
      Document document = new Document();
      PassageIds.add(document, entry.passage().id());
      Map<String, String> metadata = entry.passage().metadata();
      Metadata.add(document, entry.passage().source(), metadata);
      document.add(
          new NumericDocValuesField(VectorIndex.EMBEDDED, entry.vectors().isPresent() ? 1 : 0));
      if (entry.vectors().isPresent()) {
        Vectors vectors = entry.vectors().get();
        String model = vectors.model().name();
        document.add(
            new KnnFloatVectorField(
                VectorIndex.VECTOR + model,
                vectors.text().vector(),
                VectorSimilarityFunction.DOT_PRODUCT));
        document.add(
            new BinaryDocValuesField(VectorIndex.TOKENS + model, vectors.tokens().bytes()));
        addTokens(document, vectors);
        vectors
            .title()
            .ifPresent(title ->
                document.add(new BinaryDocValuesField(VectorIndex.TITLE + model, title.bytes())));
      }
      documents.add(document);
    }
    writer.addDocuments(documents);
  }

  /** What passages are ordered by besides, where the model has tokens. */
  private static void addTokens(Document document, Vectors vectors) {
    String model = vectors.model().name();
    Embedding text = vectors.text();
    if (text.tokens().length > 0) {
      TokenSigns signs = TokenSigns.pack(text.tokens(), vectors.model().dimension());
      document.add(new BinaryDocValuesField(VectorIndex.SIGNS + model, signs.bytes()));
    }
    Arrays.stream(text.pieces())
        .distinct()
        .mapToObj(piece -> VectorIndex.piece(vectors.model(), piece))
        .forEach(term -> document.add(new StringField(term.field(), term.text(), Store.NO)));
  }

  void remove(long passage) throws IOException {
    writer.deleteDocuments(PassageIds.term(passage));
  }

  void commit() throws IOException {
    writer.commit();
    if (writer.hasUncommittedChanges()) { // merges come after a commit
      writer.commit();
    }
  }

  /** Ends writing; what was not committed is undone. */
  @Override
  public void close() throws IOException {
    try {
      writer.rollback();
    } finally {
      directory.close();
    }
  }
}
