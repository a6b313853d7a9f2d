package dev.qwenmcp.server.knowledge;

import java.io.IOException;
import java.util.List;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field.Store;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.index.ReaderUtil;
import org.apache.lucene.index.Term;

/** The number of a passage, by which the indexes of words and of vectors know the same one. */
final class PassageIds {
  private static final String NUMBER = "id.number";
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
}
