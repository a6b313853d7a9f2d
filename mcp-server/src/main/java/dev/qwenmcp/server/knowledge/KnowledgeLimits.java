package dev.qwenmcp.server.knowledge;

/**
 * How much one principal may keep.
 *
 * @param collections most collections
 * @param characters most UTF-16 units of titles and texts in all collections together
 */
public record KnowledgeLimits(int collections, long characters) {

  /**
   * 100 collections and 50 million characters: the index takes about 7 bytes of heap a character
   * (measured on 2.2 million English and 0.9 million Chinese characters), so a full principal takes
   * 350 MB.
   */
  public static final KnowledgeLimits DEFAULT = new KnowledgeLimits(100, 50_000_000L);
}
