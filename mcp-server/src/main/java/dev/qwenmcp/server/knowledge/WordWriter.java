package dev.qwenmcp.server.knowledge;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.lucene.document.BinaryDocValuesField;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field.Store;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.IndexWriterConfig.OpenMode;
import org.apache.lucene.index.SerialMergeScheduler;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.LockObtainFailedException;
import tools.jackson.databind.json.JsonMapper;

/**
 * One batch of changes to an index of words: all of it is there once {@link #commit} returns, and
 * nothing if it does not.
 *
 * <p>While it is open, no other process and no other thread writes to the index. A document is
 * written as a head, which has its text, and its passages, all at once: no search sees a part.
 */
final class WordWriter implements AutoCloseable {
  private static final long PAUSE_MILLIS = 10;

  private final Directory directory;
  private final IndexWriter writer;
  private final KeywordIndex.View before;

  /** Heads that this batch wrote; empty for documents that it removed. */
  private final Map<String, Optional<Head>> changed = new HashMap<>();

  private Totals totals;

  /**
   * Waits for its turn.
   *
   * @param index read for what is there; refreshed once nobody else can write
   * @param patience how long to wait for other processes
   * @throws LockObtainFailedException if they take longer
   */
  WordWriter(Directory directory, PassageAnalysis analysis, KeywordIndex index, Duration patience)
      throws IOException {
    this.directory = directory;
    this.writer = open(directory, analysis, patience);
    KeywordIndex.View view = null;
    try {
      index.refresh();
      view = index.view();
      this.before = view;
      this.totals = view.totals();
    } catch (IOException | RuntimeException e) {
      writer.rollback();
      if (view != null) {
        view.close();
      }
      throw e;
    }
  }

  private static IndexWriter open(Directory directory, PassageAnalysis analysis, Duration patience)
      throws IOException {
    long end = System.nanoTime() + patience.toNanos();
    while (true) {
      try {
        IndexWriterConfig config = new IndexWriterConfig(analysis.indexAnalyzer());
        config.setOpenMode(OpenMode.APPEND);
        config.setMergeScheduler(new SerialMergeScheduler()); // no thread for each collection
        config.setCommitOnClose(false);
        return new IndexWriter(directory, config);
      } catch (LockObtainFailedException e) {
        if (System.nanoTime() > end) {
          throw e;
        }
        pause(e);
      }
    }
  }

  private static void pause(LockObtainFailedException e) throws LockObtainFailedException {
    try {
      Thread.sleep(PAUSE_MILLIS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw e;
    }
  }

  /** Makes an index without documents. */
  static void create(Directory directory) throws IOException {
    IndexWriterConfig config = new IndexWriterConfig();
    config.setOpenMode(OpenMode.CREATE);
    try (IndexWriter writer = new IndexWriter(directory, config)) {
      writer.setLiveCommitData(Totals.NONE.toCommit().entrySet());
      writer.commit();
    }
  }

  /** What the index holds with this batch. */
  Totals totals() {
    return totals;
  }

  /** The head of a document as it is with this batch. */
  Optional<Head> head(String id) throws IOException {
    Optional<Head> written = changed.get(id);
    return written != null ? written : before.head(id);
  }

  /**
   * Adds a document in the place of the one with the same id.
   *
   * @return the passages that it has
   */
  Head put(SourceDocument document, String hash, List<Chunk> chunks) throws IOException {
    Optional<Head> replaced = head(document.id());
    Head head =
        new Head(
            document.id(),
            document.title(),
            document.characters(),
            totals.nextId(),
            chunks.size(),
            hash,
            document.metadata());
    List<Document> block = new ArrayList<>();
    block.add(document(head, document.text()));
    for (int i = 0; i < chunks.size(); i++) {
      Chunk chunk = chunks.get(i);
      String text = document.text().substring(chunk.start(), chunk.end());
      block.add(document(head, new Piece(head.first() + i, text, chunk)));
    }
    writer.updateDocuments(Metadata.document(document.id()), block);
    if (replaced.isPresent()) {
      totals = totals.minus(replaced.get());
    }
    totals = totals.plus(head).withNextId(head.first() + chunks.size());
    changed.put(document.id(), Optional.of(head));
    return head;
  }

  /** Removes a document; whether it was there. */
  boolean remove(String id) throws IOException {
    Optional<Head> there = head(id);
    if (there.isEmpty()) {
      return false;
    }
    writer.deleteDocuments(Metadata.document(id));
    totals = totals.minus(there.get());
    changed.put(id, Optional.empty());
    return true;
  }

  private static Document document(Head head, String text) {
    Document document = new Document();
    document.add(new StringField(Metadata.SOURCE, head.id(), Store.NO));
    document.add(new StringField(KeywordIndex.HEAD_ID, head.id(), Store.NO));
    document.add(new BinaryDocValuesField(KeywordIndex.HEAD, head.bytes()));
    document.add(new NumericDocValuesField(KeywordIndex.FIRST, head.first()));
    document.add(new NumericDocValuesField(KeywordIndex.PASSAGES, head.passages()));
    document.add(new StoredField(KeywordIndex.TEXT, text));
    return document;
  }

  private static Document document(Head head, Piece piece) {
    Document passage = new Document();
    PassageIds.add(passage, piece.id());
    Metadata.add(passage, head.id(), piece.metadata(head.metadata()));
    String heading = piece.chunk().heading();
    passage.add(new StoredField(KeywordIndex.TITLE, head.title()));
    passage.add(new StoredField(KeywordIndex.TEXT, piece.text()));
    passage.add(new StoredField(KeywordIndex.START, piece.chunk().start()));
    if (!heading.isEmpty()) {
      passage.add(new StoredField(KeywordIndex.HEADING, heading));
    }
    Map<String, String> metadata = piece.metadata(head.metadata());
    if (!metadata.isEmpty()) {
      passage.add(
          new StoredField(KeywordIndex.METADATA, JsonMapper.shared().writeValueAsString(metadata)));
    }
    String title = heading.isEmpty() ? head.title() : head.title() + "\n" + heading;
    for (PassageAnalysis.Field field : PassageAnalysis.Field.values()) {
      passage.add(new TextField(field.body, piece.text(), Store.NO));
      passage.add(new TextField(field.title, title, Store.NO));
    }
    return passage;
  }

  /** Makes the batch last: it survives whatever happens once this returns. */
  void commit() throws IOException {
    if (!changed.isEmpty()) {
      writer.setLiveCommitData(totals.toCommit().entrySet());
      writer.commit();
      if (writer.hasUncommittedChanges()) { // merges come after a commit
        writer.commit();
      }
    }
  }

  /** Ends the batch; what was not committed is undone. */
  @Override
  public void close() throws IOException {
    try {
      writer.rollback();
    } finally {
      before.close();
      directory.close();
    }
  }
}
