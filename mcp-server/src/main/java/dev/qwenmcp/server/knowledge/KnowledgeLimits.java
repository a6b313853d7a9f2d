package dev.qwenmcp.server.knowledge;

/**
 * How much one principal may keep.
 *
 * @param collections most collections
 * @param characters most UTF-16 units of titles and texts in all collections together
 */
public record KnowledgeLimits(int collections, long characters) {

  /**
   * 100 collections and 100 million characters: the index of English text takes about 3 bytes of
   * heap a character (stored text 1, postings with positions 2), so a full principal takes 300 MB.
   */
  public static final KnowledgeLimits DEFAULT = new KnowledgeLimits(100, 100_000_000L);
}
