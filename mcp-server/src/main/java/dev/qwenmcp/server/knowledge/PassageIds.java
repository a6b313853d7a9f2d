package dev.qwenmcp.server.knowledge;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field.Store;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.index.PostingsEnum;
import org.apache.lucene.index.ReaderUtil;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.DocIdSetIterator;

/** The number of a passage, by which the indexes of words and of vectors know the same one. */
final class PassageIds {
  static final String NUMBER = "id.number";
  private static final String TERM = "id";

  private PassageIds() {}

  static void add(Document document, long id) {
    document.add(new NumericDocValuesField(NUMBER, id));
    document.add(new StringField(TERM, Long.toString(id), Store.NO));
  }

  /** What finds the passage. */
  static Term term(long id) {
    return new Term(TERM, Long.toString(id));
  }

  /** The number of a Lucene document. */
  static long of(IndexReader reader, int document) throws IOException {
    List<LeafReaderContext> leaves = reader.leaves();
    LeafReaderContext leaf = leaves.get(ReaderUtil.subIndex(document, leaves));
    NumericDocValues numbers = leaf.reader().getNumericDocValues(NUMBER);
    if (!numbers.advanceExact(document - leaf.docBase)) {
      throw new IllegalStateException("a passage without a number");
    }
    return numbers.longValue();
  }

  /** A place in a reader: a leaf and the document's number in it. */
  record Place(LeafReaderContext leaf, int document) {
    /** Its number in the whole reader. */
    int global() {
      return leaf.docBase + document;
    }
  }

  /** The Lucene document of a term that at most one has. */
  static Optional<Place> find(IndexReader reader, Term term) throws IOException {
    for (LeafReaderContext leaf : reader.leaves()) {
      Optional<Place> place = find(leaf, term);
      if (place.isPresent()) {
        return place;
      }
    }
    return Optional.empty();
  }

  /** The same in one leaf. */
  static Optional<Place> find(LeafReaderContext context, Term term) throws IOException {
    LeafReader leaf = context.reader();
    PostingsEnum postings = leaf.postings(term, PostingsEnum.NONE);
    if (postings == null) {
      return Optional.empty();
    }
    for (int doc = postings.nextDoc();
        doc != DocIdSetIterator.NO_MORE_DOCS;
        doc = postings.nextDoc()) {
      if (leaf.getLiveDocs() == null || leaf.getLiveDocs().get(doc)) {
        return Optional.of(new Place(context, doc));
      }
    }
    return Optional.empty();
  }
}
