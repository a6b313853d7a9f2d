package dev.qwenmcp.server.knowledge;

import dev.qwenmcp.server.knowledge.KnowledgeException.Kind;

/**
 * How much a collection may grow.
 *
 * @param beside UTF-16 units in the principal's other collections
 * @param most UTF-16 units in all of them together
 */
record Room(long beside, long most) {

  /**
   * Makes sure that the collection may be so large.
   *
   * @throws KnowledgeException if it may not
   */
  void require(long characters) throws KnowledgeException {
    if (beside + characters > most) {
      throw new KnowledgeException(
          Kind.QUOTA,
          "with these documents the collections would hold %,d characters, %,d are the most; replace documents by shorter ones or forget some"
              .formatted(beside + characters, most));
    }
  }
}
