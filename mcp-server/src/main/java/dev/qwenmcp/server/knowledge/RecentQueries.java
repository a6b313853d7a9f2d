package dev.qwenmcp.server.knowledge;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What models made of the last queries to a collection: the tools of one task search by the same
 * question, and embedding it takes longer than searching. One for each collection, so that how long
 * a search takes tells nobody what others asked.
 */
final class RecentQueries {
  private static final int MOST = 8;

  /** A longer query is embedded each time: its token vectors take more than 400 KB. */
  private static final int MOST_CHARACTERS = 1_000;

  private record Key(Embedder embedder, String query) {}

  /** Guarded by itself. */
  private final Map<Key, Embedding> recent =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Embedding> eldest) {
          return size() > MOST;
        }
      };

  /**
   * A query's embedding, made if it is not remembered; not to be changed.
   *
   * @throws EmbeddingException as for {@link Embedder#embedQuery}; nothing is remembered then
   */
  Embedding of(Embedder embedder, String query) throws EmbeddingException {
    if (query.length() > MOST_CHARACTERS) {
      return embedder.embedQuery(query);
    }
    Key key = new Key(embedder, query);
    synchronized (recent) {
      Embedding known = recent.get(key);
      if (known != null) {
        return known;
      }
    }
    Embedding made = embedder.embedQuery(query);
    synchronized (recent) {
      recent.put(key, made);
    }
    return made;
  }
}
