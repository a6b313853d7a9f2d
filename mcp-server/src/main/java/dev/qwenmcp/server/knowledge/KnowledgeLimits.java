package dev.qwenmcp.server.knowledge;

/**
 * How much one principal may keep.
 *
 * @param collections most collections
 * @param characters most UTF-16 units of titles and texts in all collections together
 */
public record KnowledgeLimits(int collections, long characters) {

  /**
   * In memory: 100 collections and 25 million characters. Words take about 7 bytes of heap a
   * character (measured on 2.2 million English and 0.9 million Chinese characters). A passage's
   * vectors take 15 KB in English, of some 850 characters, and 27 KB in Chinese, of some 250: so a
   * full principal takes 0.6 GB in English and 3 GB in Chinese.
   */
  public static final KnowledgeLimits DEFAULT = new KnowledgeLimits(100, 25_000_000L);

  /**
   * On disk: 200 collections and 500 million characters, which take some 11 GB in English, mostly
   * the vectors of tokens.
   */
  public static final KnowledgeLimits DURABLE = new KnowledgeLimits(200, 500_000_000L);
}
