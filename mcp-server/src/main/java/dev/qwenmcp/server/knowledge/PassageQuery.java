package dev.qwenmcp.server.knowledge;

import java.io.IOException;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.BoostQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TermQuery;

/**
 * Turns a question into a Lucene query: any of its words, in the text or, a little less, in the
 * title.
 *
 * <p>Built from terms, never parsed: no character of a question is an operator. Title weights from
 * 0.75 to 1 are equally good on Cranfield; bonuses for neighbouring words were tried and brought
 * nothing.
 */
final class PassageQuery {
  private static final float TITLE = 0.75f;

  /**
   * A question with more words keeps the rarest. Each term makes at most three clauses (text,
   * title, neighbour) and Lucene refuses more than 1024.
   */
  private static final int MOST_TERMS = 256;

  private final PassageAnalysis analysis;

  PassageQuery(PassageAnalysis analysis) {
    this.analysis = analysis;
  }

  private Map<Term, Float> terms(String text) {
    Map<Term, Float> terms = new LinkedHashMap<>();
    for (PassageAnalysis.Field field : PassageAnalysis.Field.values()) {
      for (String term : analysis.terms(field, text)) {
        terms.put(new Term(field.body, term), field.weight);
      }
    }
    return terms;
  }

  /**
   * What BM25 would give a text in which every word of the question occurs again and again, also
   * those that no passage has; 0 if there is no word.
   */
  double most(String text, IndexReader index) throws IOException {
    Map<Term, Float> terms = terms(text);
    double most = 0;
    for (Term term : rarest(terms, index)) {
      int passages = index.getDocCount(term.field());
      if (passages > 0) {
        most += terms.get(term) * Rarity.of(index.docFreq(term), passages);
      }
    }
    return most;
  }

  /** A query that matches nothing if the text has no word. */
  Query of(String text, IndexReader index) throws IOException {
    Map<Term, Float> terms = terms(text);
    List<Term> kept = rarest(terms, index);
    BooleanQuery.Builder query = new BooleanQuery.Builder();
    for (Term term : kept) {
      float weight = terms.get(term);
      query.add(new BoostQuery(new TermQuery(term), weight), Occur.SHOULD);
      Term inTitle = new Term(term.field() + ".title", term.text());
      query.add(new BoostQuery(new TermQuery(inTitle), TITLE * weight), Occur.SHOULD);
    }
    return query.build();
  }

  private static List<Term> rarest(Map<Term, Float> terms, IndexReader index) throws IOException {
    if (terms.size() <= MOST_TERMS) {
      return List.copyOf(terms.keySet());
    }
    Map<Term, Integer> frequency = new LinkedHashMap<>();
    for (Term term : terms.keySet()) {
      int documents = index.docFreq(term);
      if (documents > 0) {
        frequency.put(term, documents);
      }
    }
    return frequency.entrySet().stream()
        .sorted(Map.Entry.comparingByValue(Comparator.naturalOrder()))
        .limit(MOST_TERMS)
        .map(Map.Entry::getKey)
        .toList();
  }
}
