package dev.qwenmcp.server.knowledge;

import dev.qwenmcp.server.knowledge.KnowledgeException.Kind;
import dev.qwenmcp.server.text.Span;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A document as it is given.
 *
 * @param id its name within its collection
 * @param title possibly empty
 * @param text what is searched, together with the title
 * @param metadata what searches can be narrowed by
 * @param chunks the passages it is to be found by, in the order of the text; they may overlap.
 *     Empty to have the text cut along paragraphs and sentences
 */
public record SourceDocument(
    String id, String title, String text, Map<String, String> metadata, List<Chunk> chunks) {
  private static final int MOST_ID = 1024;
  private static final int MOST_METADATA = 40;
  private static final int MOST_METADATA_NAME = 256;
  private static final int MOST_METADATA_VALUE = 4096;

  public SourceDocument {
    metadata = Map.copyOf(metadata);
    chunks = List.copyOf(chunks);
  }

  public SourceDocument(String id, String title, String text) {
    this(id, title, text, Map.of());
  }

  public SourceDocument(String id, String title, String text, Map<String, String> metadata) {
    this(id, title, text, metadata, List.of());
  }

  /** UTF-16 units of title and text. */
  long characters() {
    return (long) title.length() + text.length();
  }

  /** Its passages, cut if none are given. */
  List<Chunk> passages() {
    if (!chunks.isEmpty()) {
      return chunks;
    }
    return Chunker.chunk(text).stream().map((Span s) -> new Chunk(s.start(), s.end())).toList();
  }

  /**
   * SHA-256 of title, text, metadata and chunks in hexadecimal: equal for what need not be stored
   * again, and for nothing else.
   */
  String contentHash() {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-256", e);
    }
    add(digest, title);
    add(digest, text);
    add(digest, metadata);
    for (Chunk chunk : chunks) {
      digest.update(ByteBuffer.allocate(8).putInt(chunk.start()).putInt(chunk.end()).array());
      add(digest, chunk.heading());
      add(digest, chunk.metadata());
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static void add(MessageDigest digest, Map<String, String> pairs) {
    digest.update(ByteBuffer.allocate(4).putInt(pairs.size()).array());
    new TreeMap<>(pairs)
        .forEach((name, value) -> {
          add(digest, name);
          add(digest, value);
        });
  }

  /** The length goes first, so that no two lists of texts are the same bytes. */
  private static void add(MessageDigest digest, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    digest.update(ByteBuffer.allocate(4).putInt(bytes.length).array());
    digest.update(bytes);
  }

  /**
   * Makes sure that it can be stored.
   *
   * @throws KnowledgeException that says what is wrong
   */
  void check() throws KnowledgeException {
    if (id.isBlank() || id.length() > MOST_ID) {
      throw invalid("has an id of %d characters; give it 1 to %d".formatted(id.length(), MOST_ID));
    }
    check(metadata);
    int last = 0;
    for (Chunk chunk : chunks) {
      if (chunk.start() < last || chunk.end() <= chunk.start() || chunk.end() > text.length()) {
        throw invalid(
            "has a passage from %d to %d; passages are in order, not empty and within the text of %d characters"
                .formatted(chunk.start(), chunk.end(), text.length()));
      }
      last = chunk.start();
      check(chunk.metadata());
    }
  }

  private void check(Map<String, String> pairs) throws KnowledgeException {
    boolean fits = pairs.size() <= MOST_METADATA;
    for (Map.Entry<String, String> pair : pairs.entrySet()) {
      fits &= pair.getKey().length() <= MOST_METADATA_NAME;
      fits &= pair.getValue().length() <= MOST_METADATA_VALUE;
    }
    if (!fits) {
      throw invalid(
          "has too much metadata; %d names of %d characters with values of %d are the most"
              .formatted(MOST_METADATA, MOST_METADATA_NAME, MOST_METADATA_VALUE));
    }
  }

  private KnowledgeException invalid(String problem) {
    String shown = id.length() > 80 ? id.substring(0, 80) + "…" : id;
    return new KnowledgeException(
        Kind.INVALID_DOCUMENT, "the document \"%s\" %s".formatted(shown, problem));
  }
}
