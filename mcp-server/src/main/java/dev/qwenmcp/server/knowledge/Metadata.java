package dev.qwenmcp.server.knowledge;

import java.util.Map;
import java.util.Optional;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field.Store;
import org.apache.lucene.document.StringField;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TermQuery;

/** What is known of a document besides its text, as terms that are equal or not. */
final class Metadata {
  private static final String FIELD = "metadata";

  private Metadata() {}

  static void add(Document document, Map<String, String> metadata) {
    metadata.forEach(
        (name, value) -> document.add(new StringField(FIELD, pair(name, value), Store.NO)));
  }

  /** Passages whose document has all of this; empty if nothing is asked for. */
  static Optional<Query> filter(Map<String, String> wanted) {
    if (wanted.isEmpty()) {
      return Optional.empty();
    }
    BooleanQuery.Builder all = new BooleanQuery.Builder();
    wanted.forEach(
        (name, value) -> all.add(new TermQuery(new Term(FIELD, pair(name, value))), Occur.FILTER));
    return Optional.of(all.build());
  }

  private static String pair(String name, String value) {
    return name.length() + ":" + name + value; // the length tells where the name ends
  }
}
