package dev.qwenmcp.server.knowledge;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field.Store;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.SerialMergeScheduler;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.SearcherFactory;
import org.apache.lucene.search.SearcherManager;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.store.ByteBuffersDirectory;

/** Passages by their words: a Lucene index in memory, one Lucene document a passage. */
final class KeywordIndex implements AutoCloseable {
  private static final String SOURCE = "source";
  private static final String TITLE = "title";
  private static final String TEXT = "text";
  private static final String START = "start";

  private final PassageQuery query;
  private final IndexWriter writer;
  private final SearcherManager searchers;

  KeywordIndex(PassageAnalysis analysis) throws IOException {
    this.query = new PassageQuery(analysis);
    IndexWriterConfig config = new IndexWriterConfig(analysis.indexAnalyzer());
    config.setMergeScheduler(new SerialMergeScheduler()); // no thread for each collection
    this.writer = new IndexWriter(new ByteBuffersDirectory(), config);
    this.searchers = new SearcherManager(writer, new SearcherFactory());
  }

  /** A passage as it is kept. */
  record Stored(long id, String source, String title, String text, int start) {}

  /** Removes the old passages of a document and adds the new: no search sees both or neither. */
  void replace(SourceDocument document, List<Piece> pieces) throws IOException {
    List<Document> passages = new ArrayList<>();
    for (Piece piece : pieces) {
      Document passage = new Document();
      PassageIds.add(passage, piece.id());
      passage.add(new StringField(SOURCE, document.id(), Store.YES));
      passage.add(new StoredField(TITLE, document.title()));
      passage.add(new StoredField(TEXT, piece.text()));
      passage.add(new StoredField(START, piece.start()));
      Metadata.add(passage, document.metadata());
      for (PassageAnalysis.Field field : PassageAnalysis.Field.values()) {
        passage.add(new TextField(field.body, piece.text(), Store.NO));
        passage.add(new TextField(field.title, document.title(), Store.NO));
      }
      passages.add(passage);
    }
    writer.updateDocuments(new Term(SOURCE, document.id()), passages);
  }

  void remove(String source) throws IOException {
    writer.deleteDocuments(new Term(SOURCE, source));
  }

  /** Lets searches see what was written; until then none does. */
  void refresh() throws IOException {
    searchers.maybeRefreshBlocking();
  }

  /** The collection at one moment; to be closed. */
  View view() throws IOException {
    return new View(searchers.acquire());
  }

  /** Reads of one state of the index. */
  final class View implements AutoCloseable {
    private final IndexSearcher searcher;

    private View(IndexSearcher searcher) {
      this.searcher = searcher;
    }

    /** Passages with words of the text by BM25, best first. */
    List<Hit> search(String text, Map<String, String> filter, int most) throws IOException {
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

    /** The passage of that id; none if its document was replaced or removed. */
    Optional<Stored> passage(long id) throws IOException {
      ScoreDoc[] found = searcher.search(new TermQuery(PassageIds.term(id)), 1).scoreDocs;
      if (found.length == 0) {
        return Optional.empty();
      }
      Document document = searcher.storedFields().document(found[0].doc);
      return Optional.of(
          new Stored(
              id,
              document.get(SOURCE),
              document.get(TITLE),
              document.get(TEXT),
              document.getField(START).numericValue().intValue()));
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
