package dev.qwenmcp.server.knowledge;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.lucene.document.BinaryDocValuesField;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field.Store;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.index.BinaryDocValues;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.KnnVectorValues.DocIndexIterator;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.ReaderUtil;
import org.apache.lucene.index.SerialMergeScheduler;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.SearcherFactory;
import org.apache.lucene.search.SearcherManager;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.store.ByteBuffersDirectory;
import org.apache.lucene.util.Bits;
import org.apache.lucene.util.VectorUtil;

/**
 * Passages by their vectors: a Lucene index in memory with a graph (HNSW, Malkov & Yashunin 2018)
 * for each embedding model.
 *
 * <p>It is an index of its own, beside that of the words, because vectors come later: Lucene cannot
 * add a field to a document, and writing the words a second time would count them twice in BM25's
 * statistics until the next merge.
 */
final class VectorIndex implements AutoCloseable {
  private static final String SOURCE = "source";
  private static final String VECTOR = "vector.";
  private static final String TOKENS = "tokens.";

  private final IndexWriter writer;
  private final SearcherManager searchers;

  VectorIndex() throws IOException {
    IndexWriterConfig config = new IndexWriterConfig();
    config.setMergeScheduler(new SerialMergeScheduler()); // no thread for each collection
    this.writer = new IndexWriter(new ByteBuffersDirectory(), config);
    this.searchers = new SearcherManager(writer, new SearcherFactory());
  }

  /** A passage's vectors by one model. */
  record Entry(long id, EmbeddingModel model, float[] vector, TokenMatrix tokens) {}

  /**
   * How near a passage is to a query.
   *
   * @param cosine of the texts' vectors
   * @param tokens late interaction of their tokens' vectors
   */
  record Similarity(double cosine, double tokens) {}

  void add(String source, Map<String, String> metadata, List<Entry> entries) throws IOException {
    List<Document> documents = new ArrayList<>();
    for (Entry entry : entries) {
      Document document = new Document();
      PassageIds.add(document, entry.id());
      document.add(new StringField(SOURCE, source, Store.NO));
      Metadata.add(document, metadata);
      String model = entry.model().name();
      document.add(
          new KnnFloatVectorField(
              VECTOR + model, entry.vector(), VectorSimilarityFunction.DOT_PRODUCT));
      document.add(new BinaryDocValuesField(TOKENS + model, entry.tokens().bytes()));
      documents.add(document);
    }
    writer.addDocuments(documents);
  }

  void remove(String source) throws IOException {
    writer.deleteDocuments(new Term(SOURCE, source));
  }

  /** All that was written until now; to be closed. */
  View view() throws IOException {
    searchers.maybeRefreshBlocking(); // vectors come one document at a time, searches less often
    return new View(searchers.acquire());
  }

  /** Reads of one state of the index. */
  final class View implements AutoCloseable {
    private final IndexSearcher searcher;

    private View(IndexSearcher searcher) {
      this.searcher = searcher;
    }

    /** The passages nearest to a vector of this model by cosine, nearest first. */
    List<Hit> nearest(EmbeddingModel model, float[] vector, Map<String, String> filter, int most)
        throws IOException {
      Query query =
          new KnnFloatVectorQuery(
              VECTOR + model.name(), vector, most, Metadata.filter(filter).orElse(null));
      List<Hit> hits = new ArrayList<>();
      for (ScoreDoc hit : searcher.search(query, most).scoreDocs) {
        // Lucene's score of an inner product of unit vectors is (1 + cosine) / 2.
        hits.add(new Hit(PassageIds.of(searcher.getIndexReader(), hit.doc), 2 * hit.score - 1));
      }
      return hits;
    }

    /** The same by comparing with every vector, whatever the filter: what the graph should find. */
    List<Hit> nearestExactly(EmbeddingModel model, float[] vector, int most) throws IOException {
      List<Hit> all = new ArrayList<>();
      IndexReader reader = searcher.getIndexReader();
      for (LeafReaderContext leaf : reader.leaves()) {
        FloatVectorValues values = leaf.reader().getFloatVectorValues(VECTOR + model.name());
        if (values == null) {
          continue;
        }
        Bits live = leaf.reader().getLiveDocs();
        DocIndexIterator each = values.iterator();
        for (int doc = each.nextDoc(); doc != DocIdSetIterator.NO_MORE_DOCS; doc = each.nextDoc()) {
          if (live == null || live.get(doc)) {
            double cosine = VectorUtil.dotProduct(values.vectorValue(each.index()), vector);
            all.add(new Hit(PassageIds.of(reader, leaf.docBase + doc), cosine));
          }
        }
      }
      all.sort(Comparator.comparingDouble(Hit::score).reversed());
      return all.subList(0, Math.min(most, all.size()));
    }

    /** Compares a passage with a query; empty if it has no vectors by the query's model. */
    Optional<Similarity> compare(QueryVectors query, long id) throws IOException {
      ScoreDoc[] found = searcher.search(new TermQuery(PassageIds.term(id)), 1).scoreDocs;
      if (found.length == 0) {
        return Optional.empty();
      }
      List<LeafReaderContext> leaves = searcher.getIndexReader().leaves();
      LeafReaderContext leaf = leaves.get(ReaderUtil.subIndex(found[0].doc, leaves));
      int doc = found[0].doc - leaf.docBase;
      EmbeddingModel model = query.model();
      BinaryDocValues tokens = leaf.reader().getBinaryDocValues(TOKENS + model.name());
      FloatVectorValues values = leaf.reader().getFloatVectorValues(VECTOR + model.name());
      if (tokens == null || values == null || !tokens.advanceExact(doc)) {
        return Optional.empty(); // embedded by another model
      }
      DocIndexIterator each = values.iterator();
      if (each.advance(doc) != doc) {
        return Optional.empty();
      }
      Embedding embedding = query.embedding();
      return Optional.of(
          new Similarity(
              VectorUtil.dotProduct(values.vectorValue(each.index()), embedding.vector()),
              TokenMatrix.of(tokens.binaryValue(), model.dimension())
                  .similarity(embedding.tokens())));
    }

    @Override
    public void close() throws IOException {
      searchers.release(searcher);
    }
  }

  @Override
  public void close() throws IOException {
    searchers.close();
    writer.close();
  }
}
