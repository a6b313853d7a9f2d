package dev.qwenmcp.server.knowledge;

import java.util.Map;

/**
 * What is searched for.
 *
 * @param query plain text: none of its characters is an operator
 * @param limit most passages
 * @param mode what is compared
 * @param filter what metadata a passage must have
 * @param neighbours how many passages before and after each its text goes on into
 * @param rerank whether the best of a hybrid search are compared token by token, and those of a
 *     search by vectors by their titles as well; off to measure it
 * @param exact whether every vector is compared instead of walking the graph, whatever the filter;
 *     slow, to measure the graph
 */
public record SearchRequest(
    String query,
    int limit,
    SearchMode mode,
    Filter filter,
    int neighbours,
    boolean rerank,
    boolean exact) {

  /** A search as it is done by default. */
  public static SearchRequest of(String query, int limit) {
    return new SearchRequest(query, limit, SearchMode.HYBRID, Filter.ALL, 0, true, false);
  }

  public SearchRequest query(String other) {
    return new SearchRequest(other, limit, mode, filter, neighbours, rerank, exact);
  }

  public SearchRequest limit(int other) {
    return new SearchRequest(query, other, mode, filter, neighbours, rerank, exact);
  }

  public SearchRequest mode(SearchMode other) {
    return new SearchRequest(query, limit, other, filter, neighbours, rerank, exact);
  }

  /** Only passages whose metadata has exactly these values. */
  public SearchRequest filter(Map<String, String> values) {
    return filter(Filter.equal(values));
  }

  public SearchRequest filter(Filter other) {
    return new SearchRequest(query, limit, mode, other, neighbours, rerank, exact);
  }

  public SearchRequest neighbours(int other) {
    return new SearchRequest(query, limit, mode, filter, other, rerank, exact);
  }

  public SearchRequest withoutRerank() {
    return new SearchRequest(query, limit, mode, filter, neighbours, false, exact);
  }

  public SearchRequest exactly() {
    return new SearchRequest(query, limit, mode, filter, neighbours, rerank, true);
  }
}
