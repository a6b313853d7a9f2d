package dev.qwenmcp.server.knowledge;

import dev.qwenmcp.server.text.Span;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field.Store;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.SerialMergeScheduler;
import org.apache.lucene.index.StoredFields;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.SearcherFactory;
import org.apache.lucene.search.SearcherManager;
import org.apache.lucene.store.ByteBuffersDirectory;

/** One collection: a Lucene index of its own in memory, one Lucene document a passage. */
final class LuceneCollection implements AutoCloseable {
  private static final String SOURCE = "source";
  private static final String TITLE = "title";
  private static final String TEXT = "text";
  private static final String START = "start";

  /** Size of a document that is in the index. */
  private record Held(int passages, long characters) {}

  private final String name;
  private final PassageQuery query;
  private final IndexWriter writer;
  private final SearcherManager searchers;
  private final Map<String, Held> held = new HashMap<>();

  LuceneCollection(String name, PassageAnalysis analysis) throws IOException {
    this.name = name;
    this.query = new PassageQuery(analysis);
    IndexWriterConfig config = new IndexWriterConfig(analysis.indexAnalyzer());
    config.setMergeScheduler(new SerialMergeScheduler()); // no thread for each collection
    this.writer = new IndexWriter(new ByteBuffersDirectory(), config);
    this.searchers = new SearcherManager(writer, new SearcherFactory());
  }

  synchronized IngestSummary ingest(List<SourceDocument> documents, IntConsumer progress)
      throws IOException {
    int replaced = 0;
    int passages = 0;
    int done = 0;
    try {
      for (SourceDocument document : documents) {
        List<Document> pieces = passages(document);
        // One call removes the old passages and adds the new: no search sees both or neither.
        writer.updateDocuments(new Term(SOURCE, document.id()), pieces);
        Held before = held.put(document.id(), new Held(pieces.size(), characters(document)));
        replaced += before == null ? 0 : 1;
        passages += pieces.size();
        done++;
        progress.accept(done);
      }
    } finally {
      searchers.maybeRefreshBlocking();
    }
    return new IngestSummary(documents.size() - replaced, replaced, passages, info());
  }

  /** How many characters the collection would grow by. */
  synchronized long growth(List<SourceDocument> documents) {
    Map<String, Long> after = new HashMap<>();
    documents.forEach(document -> after.put(document.id(), characters(document)));
    long growth = 0;
    for (Map.Entry<String, Long> document : after.entrySet()) {
      Held before = held.get(document.getKey());
      growth += document.getValue() - (before == null ? 0 : before.characters);
    }
    return growth;
  }

  synchronized CollectionInfo info() {
    int passages = 0;
    long characters = 0;
    for (Held document : held.values()) {
      passages += document.passages;
      characters += document.characters;
    }
    return new CollectionInfo(name, held.size(), passages, characters);
  }

  List<Passage> search(String text, int limit) throws IOException {
    IndexSearcher searcher = searchers.acquire();
    try {
      List<Passage> found = new ArrayList<>();
      StoredFields stored = searcher.storedFields();
      ScoreDoc[] hits = searcher.search(query.of(text, searcher.getIndexReader()), limit).scoreDocs;
      for (ScoreDoc hit : hits) {
        Document passage = stored.document(hit.doc);
        String content = passage.get(TEXT);
        int start = passage.getField(START).numericValue().intValue();
        found.add(
            new Passage(
                passage.get(SOURCE),
                passage.get(TITLE),
                content,
                start,
                start + content.length(),
                hit.score));
      }
      return found;
    } finally {
      searchers.release(searcher);
    }
  }

  private static long characters(SourceDocument document) {
    return (long) document.title().length() + document.text().length();
  }

  private static List<Document> passages(SourceDocument source) {
    List<Document> passages = new ArrayList<>();
    for (Span span : Chunker.chunk(source.text())) {
      String text = span.of(source.text());
      Document passage = new Document();
      passage.add(new StringField(SOURCE, source.id(), Store.YES));
      passage.add(new StoredField(TITLE, source.title()));
      passage.add(new StoredField(TEXT, text));
      passage.add(new StoredField(START, span.start()));
      for (PassageAnalysis.Field field : PassageAnalysis.Field.values()) {
        passage.add(new TextField(field.body, text, Store.NO));
        passage.add(new TextField(field.title, source.title(), Store.NO));
      }
      passages.add(passage);
    }
    return passages;
  }

  @Override
  public void close() throws IOException {
    searchers.close();
    writer.close();
  }
}
