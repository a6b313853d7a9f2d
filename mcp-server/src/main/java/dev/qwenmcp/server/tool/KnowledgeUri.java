package dev.qwenmcp.server.tool;

import dev.qwenmcp.server.knowledge.Passage;
import dev.qwenmcp.server.protocol.Resources;
import dev.qwenmcp.server.protocol.ToolException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The address of a collection, a document or a passage as a resource.
 *
 * <pre>
 *   knowledge://{collection}
 *   knowledge://{collection}/{document}
 *   knowledge://{collection}/{document}?start={start}&amp;end={end}&amp;version={version}
 * </pre>
 *
 * @param collection its name
 * @param document id of the document; empty for the collection
 * @param range the passage; empty for the whole document
 */
record KnowledgeUri(String collection, Optional<String> document, Optional<Range> range) {
  static final String SCHEME = "knowledge";

  /** Of the document's content, enough to tell that it has changed. */
  private static final int VERSION_DIGITS = 12;

  private static final int MOST = 8_192;

  /** Some clients leave the last slash of an address out, others add one. */
  private static final Pattern SHAPE =
      Pattern.compile(
          SCHEME
              + "://([^/?#]+)/?(?:([^/?#]+)(?:\\?start=(\\d{1,9})&end=(\\d{1,9})(?:&version=([0-9a-f]{1,64}))?)?)?");

  /**
   * A piece of a document.
   *
   * @param start offset of its first character, in UTF-16 units
   * @param end offset after its last
   * @param version how the document's content hash begins; empty for whatever it is now
   */
  record Range(int start, int end, String version) {}

  static KnowledgeUri ofCollection(String collection) {
    return new KnowledgeUri(collection, Optional.empty(), Optional.empty());
  }

  static KnowledgeUri ofDocument(String collection, String document) {
    return new KnowledgeUri(collection, Optional.of(document), Optional.empty());
  }

  static KnowledgeUri of(String collection, Passage passage) {
    String hash = passage.contentHash();
    String version = hash.substring(0, Math.min(VERSION_DIGITS, hash.length()));
    return new KnowledgeUri(
        collection,
        Optional.of(passage.source()),
        Optional.of(new Range(passage.start(), passage.end(), version)));
  }

  /**
   * Reads an address.
   *
   * @throws ToolException if it is none of these
   */
  static KnowledgeUri parse(String uri) throws ToolException {
    Matcher matcher = SHAPE.matcher(uri);
    if (uri.length() > MOST || !matcher.matches()) {
      throw Resources.notFound(uri);
    }
    try {
      Optional<Range> range =
          matcher.group(3) == null
              ? Optional.empty()
              : Optional.of(
                  new Range(
                      Integer.parseInt(matcher.group(3)),
                      Integer.parseInt(matcher.group(4)),
                      matcher.group(5) == null ? "" : matcher.group(5)));
      return new KnowledgeUri(
          decoded(matcher.group(1)),
          Optional.ofNullable(matcher.group(2)).map(KnowledgeUri::decoded),
          range);
    } catch (IllegalArgumentException e) { // % without digits
      throw Resources.notFound(uri);
    }
  }

  private static String encoded(String part) {
    return URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static String decoded(String part) {
    return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  @Override
  public String toString() {
    StringBuilder uri = new StringBuilder(SCHEME).append("://").append(encoded(collection));
    document.ifPresent(id -> uri.append('/').append(encoded(id)));
    range.ifPresent(r -> {
      uri.append("?start=").append(r.start).append("&end=").append(r.end);
      if (!r.version.isEmpty()) {
        uri.append("&version=").append(r.version);
      }
    });
    return uri.toString();
  }
}
