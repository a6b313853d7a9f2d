package dev.qwenmcp.server.web;

import dev.qwenmcp.server.knowledge.CollectionInfo;
import dev.qwenmcp.server.knowledge.KnowledgeBase;
import dev.qwenmcp.server.knowledge.KnowledgeException;
import dev.qwenmcp.server.knowledge.Passage;
import dev.qwenmcp.server.knowledge.SearchRequest;
import dev.qwenmcp.server.knowledge.SearchResult;
import dev.qwenmcp.server.knowledge.SourceInfo;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** {@code /api/collections}: the asker's collections, their documents, and searches in them. */
final class KnowledgeApi {
  private static final int MOST_SOURCES = 500;
  private static final int PASSAGES = 8;
  private static final int MOST_PASSAGES = 50;
  private static final int MOST_QUERY_CHARACTERS = 2000;

  private final KnowledgeBase base;

  KnowledgeApi(KnowledgeBase base) {
    this.base = base;
  }

  record Collections(List<CollectionInfo> collections) {}

  /**
   * Documents of a collection.
   *
   * @param sources the first of them by id
   * @param more how many are left out
   */
  record Sources(String collection, List<Source> sources, int more) {}

  /** A document. */
  record Source(String id, String title, int passages, int vectors, long characters) {
    static Source of(SourceInfo info) {
      return new Source(
          info.id(), info.title(), info.passages(), info.vectors(), info.characters());
    }
  }

  /**
   * What a search found.
   *
   * @param mode what was compared
   * @param notes what the asker should know
   */
  record Found(List<FoundPassage> passages, String mode, List<String> notes) {}

  /**
   * A passage.
   *
   * @param bm25Rank rank by words, null if none of them occurs
   * @param vectorRank rank by vectors, null if it was not compared
   */
  record FoundPassage(
      String source,
      String title,
      String heading,
      String text,
      int start,
      int end,
      double score,
      Integer bm25Rank,
      Integer vectorRank) {

    static FoundPassage of(Passage passage) {
      return new FoundPassage(
          passage.source(),
          passage.title(),
          passage.heading(),
          passage.text(),
          passage.start(),
          passage.end(),
          passage.scores().score(),
          passage.scores().bm25Rank().isPresent() ? passage.scores().bm25Rank().getAsInt() : null,
          passage.scores().vectorRank().isPresent()
              ? passage.scores().vectorRank().getAsInt()
              : null);
    }
  }

  Map<String, ApiAnswer> answers() {
    return Map.of(
        "/api/collections", this::collections,
        "/api/collections/sources", this::sources,
        "/api/collections/search", this::search);
  }

  private Collections collections(ApiRequest request) throws ApiException {
    try {
      return new Collections(base.collections(request.principal()));
    } catch (KnowledgeException e) {
      throw failure(e);
    }
  }

  private Sources sources(ApiRequest request) throws ApiException {
    String collection = request.required("collection");
    try {
      List<SourceInfo> all = base.sources(request.principal(), collection);
      List<Source> shown = all.stream().limit(MOST_SOURCES).map(Source::of).toList();
      return new Sources(collection, shown, all.size() - shown.size());
    } catch (KnowledgeException e) {
      throw failure(e);
    }
  }

  private Found search(ApiRequest request) throws ApiException {
    String collection = request.required("collection");
    String query = request.required("query");
    if (query.length() > MOST_QUERY_CHARACTERS) {
      throw ApiException.badRequest(
          "the query has %d characters and may have %d"
              .formatted(query.length(), MOST_QUERY_CHARACTERS));
    }
    int limit = request.number("limit", PASSAGES, 1, MOST_PASSAGES);
    try {
      SearchResult result =
          base.search(request.principal(), collection, SearchRequest.of(query, limit));
      return new Found(
          result.passages().stream().map(FoundPassage::of).toList(),
          result.mode().name().toLowerCase(Locale.ROOT),
          result.notes());
    } catch (KnowledgeException e) {
      throw failure(e);
    }
  }

  private static ApiException failure(KnowledgeException e) {
    return switch (e.kind()) {
      case UNKNOWN_COLLECTION -> ApiException.notFound(e.getMessage());
      case QUOTA, INVALID_DOCUMENT -> ApiException.badRequest(e.getMessage());
      case DAMAGED, NEWER_FORMAT, STORAGE_FULL, STORAGE_READ_ONLY, STORAGE_BUSY, STORAGE_FAILED ->
          ApiException.unavailable(e);
    };
  }
}
