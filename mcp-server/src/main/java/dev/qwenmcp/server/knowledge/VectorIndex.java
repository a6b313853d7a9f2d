package dev.qwenmcp.server.knowledge;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import org.apache.lucene.index.BinaryDocValues;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.KnnVectorValues.DocIndexIterator;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.store.Directory;
import org.apache.lucene.util.Bits;
import org.apache.lucene.util.BytesRef;
import org.apache.lucene.util.VectorUtil;

/**
 * Passages by their vectors: a Lucene index with a graph (HNSW, Malkov & Yashunin 2018) for each
 * embedding model; {@link VectorWriter} writes it.
 *
 * <p>It is an index of its own, beside that of the words, because vectors come later: Lucene cannot
 * add a field to a document, and writing the words a second time would count them twice in BM25's
 * statistics until the next merge.
 */
final class VectorIndex implements AutoCloseable {
  static final String EMBEDDED = "embedded";
  static final String VECTOR = "vector.";
  static final String TOKENS = "tokens.";
  static final String SIGNS = "signs.";
  static final String PIECES = "pieces.";
  static final String TITLE = "title.";

  private final SharedIndex index;

  /** Owns the directory from here on, also when it fails. */
  VectorIndex(Directory directory) throws IOException {
    this.index = new SharedIndex(directory);
  }

  /**
   * How near a passage is to a query.
   *
   * @param cosine of the texts' vectors
   * @param tokens late interaction of their tokens' vectors, if the model has any
   */
  record Similarity(double cosine, OptionalDouble tokens) {}

  /** What finds the passages in which a piece of a model's vocabulary occurs. */
  static Term piece(EmbeddingModel model, int piece) {
    return new Term(PIECES + model.name(), Integer.toString(piece, Character.MAX_RADIX));
  }

  /**
   * Which passages went through the models.
   *
   * @param all their numbers, rising
   * @param embedded of these, the ones that have a vector, rising
   */
  record Done(long[] all, long[] embedded) {
    static final Done NONE = new Done(new long[0], new long[0]);
  }

  /** Lets searches see what any process wrote until now. */
  void refresh() throws IOException {
    index.refresh();
  }

  /** The index at one moment, hardly ever older than a tenth of a second; to be closed. */
  View view() throws IOException {
    if (!index.exists()) {
      index.refresh();
    }
    return new View(index.exists() ? Optional.of(index.acquire()) : Optional.empty());
  }

  /** Reads of one state of the index. */
  static final class View implements AutoCloseable {
    /** Of an index that is not there. */
    static final View NONE = new View(Optional.empty());

    private final Optional<IndexSearcher> searcher;

    private View(Optional<IndexSearcher> searcher) {
      this.searcher = searcher;
    }

    /** Another number for another state. */
    long version() {
      return searcher.map(s -> ((DirectoryReader) s.getIndexReader()).getVersion()).orElse(-1L);
    }

    private List<LeafReaderContext> leaves() {
      return searcher.map(s -> s.getIndexReader().leaves()).orElse(List.of());
    }

    /** The passages nearest to a vector of this model by cosine, nearest first. */
    List<Hit> nearest(EmbeddingModel model, float[] vector, Filter filter, int most)
        throws IOException {
      List<Hit> hits = new ArrayList<>();
      if (searcher.isPresent()) {
        Query query =
            new KnnFloatVectorQuery(
                VECTOR + model.name(), vector, most, Metadata.filter(filter).orElse(null));
        IndexReader reader = searcher.get().getIndexReader();
        for (ScoreDoc hit : searcher.get().search(query, most).scoreDocs) {
          // Lucene's score of an inner product of unit vectors is (1 + cosine) / 2.
          hits.add(new Hit(PassageIds.of(reader, hit.doc), 2 * hit.score - 1));
        }
      }
      return hits;
    }

    /** The same by comparing with every vector, whatever the filter: what the graph should find. */
    List<Hit> nearestExactly(EmbeddingModel model, float[] vector, int most) throws IOException {
      List<Hit> all = new ArrayList<>();
      for (LeafReaderContext leaf : leaves()) {
        FloatVectorValues values = leaf.reader().getFloatVectorValues(VECTOR + model.name());
        NumericDocValues numbers = leaf.reader().getNumericDocValues(PassageIds.NUMBER);
        if (values == null || numbers == null) {
          continue;
        }
        Bits live = leaf.reader().getLiveDocs();
        DocIndexIterator each = values.iterator();
        for (int doc = each.nextDoc(); doc != DocIdSetIterator.NO_MORE_DOCS; doc = each.nextDoc()) {
          if ((live == null || live.get(doc)) && numbers.advanceExact(doc)) {
            double cosine = VectorUtil.dotProduct(values.vectorValue(each.index()), vector);
            all.add(new Hit(numbers.longValue(), cosine));
          }
        }
      }
      all.sort(Comparator.comparingDouble(Hit::score).reversed());
      return all.subList(0, Math.min(most, all.size()));
    }

    /**
     * A query's tokens for {@link #compareFinely}. How much each says is its inverse document
     * frequency in the collection, as BM25 has it; all say as much where the model does not tell
     * which tokens they are.
     */
    SignQuery signs(QueryVectors query) throws IOException {
      int[] pieces = query.embedding().pieces();
      double[] weights = new double[query.embedding().tokens().length];
      Arrays.fill(weights, 1);
      if (searcher.isPresent() && pieces.length == weights.length) {
        IndexReader reader = searcher.get().getIndexReader();
        int passages = reader.getDocCount(PIECES + query.model().name());
        for (int i = 0; i < weights.length; i++) {
          weights[i] = Rarity.of(reader.docFreq(piece(query.model(), pieces[i])), passages);
        }
      }
      return new SignQuery(query.embedding().tokens(), weights, query.model().dimension());
    }

    /** Compares a passage with a query; empty if it has no vectors by the query's model. */
    Optional<Similarity> compare(QueryVectors query, long id) throws IOException {
      Embedding embedding = query.embedding();
      return compare(
          query,
          TOKENS,
          id,
          tokens ->
              embedding.tokens().length == 0
                  ? OptionalDouble.empty()
                  : OptionalDouble.of(
                      TokenMatrix.of(tokens, query.model().dimension())
                          .similarity(embedding.tokens())));
    }

    /**
     * The same with the finer {@link TokenSigns}; empty as well if the passage was embedded before
     * there were any.
     *
     * @param signs of the query's tokens
     */
    Optional<Similarity> compareFinely(QueryVectors query, SignQuery signs, long id)
        throws IOException {
      return compare(
          query,
          SIGNS,
          id,
          rows ->
              OptionalDouble.of(TokenSigns.of(rows, query.model().dimension()).similarity(signs)));
    }

    private Optional<Similarity> compare(
        QueryVectors query, String field, long id, Function<BytesRef, OptionalDouble> late)
        throws IOException {
      if (searcher.isEmpty()) {
        return Optional.empty();
      }
      Optional<PassageIds.Place> place =
          PassageIds.find(searcher.get().getIndexReader(), PassageIds.term(id));
      if (place.isEmpty()) {
        return Optional.empty();
      }
      LeafReaderContext leaf = place.get().leaf();
      int doc = place.get().document();
      EmbeddingModel model = query.model();
      BinaryDocValues tokens = leaf.reader().getBinaryDocValues(field + model.name());
      FloatVectorValues values = leaf.reader().getFloatVectorValues(VECTOR + model.name());
      if (tokens == null || values == null || !tokens.advanceExact(doc)) {
        return Optional.empty(); // embedded by another model or without these
      }
      DocIndexIterator each = values.iterator();
      if (each.advance(doc) != doc) {
        return Optional.empty();
      }
      double cosine =
          VectorUtil.dotProduct(values.vectorValue(each.index()), query.embedding().vector());
      return Optional.of(new Similarity(cosine, late.apply(tokens.binaryValue())));
    }

    /** Cosine of a query and a passage's title; empty if that has no vector of its own. */
    OptionalDouble compareTitle(QueryVectors query, long id) throws IOException {
      String field = TITLE + query.model().name();
      for (LeafReaderContext leaf : leaves()) {
        if (leaf.reader().getFieldInfos().fieldInfo(field) == null) {
          continue;
        }
        Optional<PassageIds.Place> place = PassageIds.find(leaf, PassageIds.term(id));
        if (place.isPresent()) {
          BinaryDocValues titles = leaf.reader().getBinaryDocValues(field);
          return titles.advanceExact(place.get().document())
              ? OptionalDouble.of(
                  TokenMatrix.of(titles.binaryValue(), query.model().dimension())
                      .similarity(new float[][] {query.embedding().vector()}))
              : OptionalDouble.empty();
        }
      }
      return OptionalDouble.empty();
    }

    /** Which passages went through the models. */
    Done done() throws IOException {
      LongList all = new LongList();
      LongList embedded = new LongList();
      for (LeafReaderContext leaf : leaves()) {
        NumericDocValues numbers = leaf.reader().getNumericDocValues(PassageIds.NUMBER);
        NumericDocValues vectors = leaf.reader().getNumericDocValues(EMBEDDED);
        if (numbers == null || vectors == null) {
          continue;
        }
        Bits live = leaf.reader().getLiveDocs();
        for (int doc = numbers.nextDoc();
            doc != DocIdSetIterator.NO_MORE_DOCS;
            doc = numbers.nextDoc()) {
          if (live == null || live.get(doc)) {
            all.add(numbers.longValue());
            if (vectors.advanceExact(doc) && vectors.longValue() == 1) {
              embedded.add(numbers.longValue());
            }
          }
        }
      }
      return new Done(all.sorted(), embedded.sorted());
    }

    /** Reads all files and compares them with their checksums. */
    void checkIntegrity() throws IOException {
      if (searcher.isPresent()) {
        SharedIndex.checkIntegrity(searcher.get());
      }
    }

    @Override
    public void close() throws IOException {
      if (searcher.isPresent()) {
        searcher.get().getIndexReader().decRef();
      }
    }
  }

  /** Numbers without a box for each. */
  private static final class LongList {
    private long[] values = new long[64];
    private int size;

    void add(long value) {
      if (size == values.length) {
        values = Arrays.copyOf(values, 2 * size);
      }
      values[size++] = value;
    }

    long[] sorted() {
      long[] sorted = Arrays.copyOf(values, size);
      Arrays.sort(sorted);
      return sorted;
    }
  }

  @Override
  public void close() throws IOException {
    index.close();
  }
}
