package dev.qwenmcp.server.knowledge;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.lucene.document.Document;
import org.apache.lucene.index.BinaryDocValues;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.store.Directory;
import org.apache.lucene.util.Bits;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * Passages by their words: a Lucene index with a document for each passage and one, the head, for
 * what all passages of a document share; {@link WordWriter} writes it.
 */
final class KeywordIndex implements AutoCloseable {
  static final String HEAD = "head";
  static final String HEAD_ID = "head.id";
  static final String FIRST = "head.first";
  static final String PASSAGES = "head.passages";
  static final String TITLE = "title";
  static final String TEXT = "text";
  static final String START = "start";
  static final String HEADING = "heading";
  static final String METADATA = "metadata.json";

  private final PassageQuery query;
  private final SharedIndex index;

  /** Owns the directory from here on, also when it fails. */
  KeywordIndex(Directory directory, PassageAnalysis analysis) throws IOException {
    this.query = new PassageQuery(analysis);
    this.index = new SharedIndex(directory);
    if (!index.exists()) {
      index.close();
      throw new org.apache.lucene.index.IndexNotFoundException("there is no index of words");
    }
  }

  /** A passage as it is kept. */
  record Stored(
      long id,
      String source,
      String title,
      String text,
      int start,
      String heading,
      Map<String, String> metadata) {
    int end() {
      return start + text.length();
    }

    /** What a model is given of it. */
    String withHeadings() {
      StringBuilder all = new StringBuilder();
      for (String part : List.of(title, heading)) {
        if (!part.isEmpty()) {
          all.append(part).append('\n');
        }
      }
      return all.append(text).toString();
    }
  }

  /** Lets searches see what any process wrote until now. */
  void refresh() throws IOException {
    index.refresh();
  }

  /** The collection at one moment, hardly ever older than a tenth of a second; to be closed. */
  View view() throws IOException {
    return new View(index.acquire());
  }

  /** Reads of one state of the index. */
  final class View implements AutoCloseable {
    private final IndexSearcher searcher;

    private View(IndexSearcher searcher) {
      this.searcher = searcher;
    }

    /** What it holds in all. */
    Totals totals() throws IOException {
      DirectoryReader reader = (DirectoryReader) searcher.getIndexReader();
      return Totals.ofCommit(reader.getIndexCommit().getUserData(), reader.directory().toString());
    }

    /** Another number for another state. */
    long version() {
      return ((DirectoryReader) searcher.getIndexReader()).getVersion();
    }

    /** Passages with words of the text by BM25, best first. */
    List<Hit> search(String text, Filter filter, int most) throws IOException {
      IndexReader reader = searcher.getIndexReader();
      Query words = query.of(text, reader);
      Optional<Query> narrowed = Metadata.filter(filter);
      if (narrowed.isPresent()) {
        words =
            new BooleanQuery.Builder()
                .add(words, Occur.MUST)
                .add(narrowed.get(), Occur.FILTER)
                .build();
      }
      List<Hit> hits = new ArrayList<>();
      for (ScoreDoc hit : searcher.search(words, most).scoreDocs) {
        hits.add(new Hit(PassageIds.of(reader, hit.doc), hit.score));
      }
      return hits;
    }

    /** What BM25 would give a passage that has all words of a text again and again. */
    double most(String text) throws IOException {
      return query.most(text, searcher.getIndexReader());
    }

    /** The passage of that id; none if its document was replaced or removed. */
    Optional<Stored> passage(long id) throws IOException {
      Optional<PassageIds.Place> place =
          PassageIds.find(searcher.getIndexReader(), PassageIds.term(id));
      if (place.isEmpty()) {
        return Optional.empty();
      }
      Document document = searcher.storedFields().document(place.get().global());
      String heading = document.get(HEADING);
      String metadata = document.get(METADATA);
      return Optional.of(
          new Stored(
              id,
              document.get(Metadata.SOURCE),
              document.get(TITLE),
              document.get(TEXT),
              document.getField(START).numericValue().intValue(),
              heading == null ? "" : heading,
              metadata == null ? Map.of() : pairs(metadata)));
    }

    private static Map<String, String> pairs(String json) {
      return JsonMapper.shared().readValue(json, new TypeReference<Map<String, String>>() {});
    }

    /** The head of a document. */
    Optional<Head> head(String source) throws IOException {
      Optional<PassageIds.Place> place = headPlace(source);
      return place.isEmpty() ? Optional.empty() : Optional.of(head(place.get()));
    }

    private Optional<PassageIds.Place> headPlace(String source) throws IOException {
      return PassageIds.find(searcher.getIndexReader(), new Term(HEAD_ID, source));
    }

    private static Head head(PassageIds.Place place) throws IOException {
      BinaryDocValues heads = place.leaf().reader().getBinaryDocValues(HEAD);
      if (heads == null || !heads.advanceExact(place.document())) {
        throw new IllegalStateException("a head without content");
      }
      return Head.of(heads.binaryValue());
    }

    /** The text of a document, all of it. */
    Optional<String> text(String source) throws IOException {
      Optional<PassageIds.Place> place = headPlace(source);
      return place.isEmpty()
          ? Optional.empty()
          : Optional.of(searcher.storedFields().document(place.get().global()).get(TEXT));
    }

    /** All heads, in no order. */
    List<Head> heads() throws IOException {
      List<Head> all = new ArrayList<>();
      for (LeafReaderContext leaf : searcher.getIndexReader().leaves()) {
        BinaryDocValues heads = leaf.reader().getBinaryDocValues(HEAD);
        if (heads == null) {
          continue;
        }
        Bits live = leaf.reader().getLiveDocs();
        for (int doc = heads.nextDoc();
            doc != DocIdSetIterator.NO_MORE_DOCS;
            doc = heads.nextDoc()) {
          if (live == null || live.get(doc)) {
            all.add(Head.of(heads.binaryValue()));
          }
        }
      }
      return all;
    }

    /** Numbers of all passages, rising. */
    PassageRanges passages() throws IOException {
      PassageRanges.Builder all = new PassageRanges.Builder();
      for (LeafReaderContext leaf : searcher.getIndexReader().leaves()) {
        NumericDocValues first = leaf.reader().getNumericDocValues(FIRST);
        NumericDocValues count = leaf.reader().getNumericDocValues(PASSAGES);
        if (first == null || count == null) {
          continue;
        }
        Bits live = leaf.reader().getLiveDocs();
        for (int doc = first.nextDoc();
            doc != DocIdSetIterator.NO_MORE_DOCS;
            doc = first.nextDoc()) {
          if ((live == null || live.get(doc)) && count.advanceExact(doc)) {
            all.add(first.longValue(), (int) count.longValue());
          }
        }
      }
      return all.build();
    }

    /** Reads all files and compares them with their checksums. */
    void checkIntegrity() throws IOException {
      SharedIndex.checkIntegrity(searcher);
    }

    @Override
    public void close() throws IOException {
      searcher.getIndexReader().decRef();
    }
  }

  @Override
  public void close() throws IOException {
    index.close();
  }
}
