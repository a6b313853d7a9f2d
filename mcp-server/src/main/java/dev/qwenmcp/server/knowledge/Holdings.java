package dev.qwenmcp.server.knowledge;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Which documents a collection holds and which of their passages have vectors; for one thread. */
final class Holdings {

  /**
   * A document.
   *
   * @param first number of its first passage, another for each document under the same id
   * @param embedded passages that went through the models
   * @param vectors of these, with a vector
   */
  private record Held(
      String title, long characters, long first, int passages, int embedded, int vectors) {
    int pending() {
      return passages - embedded;
    }
  }

  private final Map<String, Held> documents = new TreeMap<>();

  /** Whether one with the same id was there. */
  boolean put(SourceDocument document, List<Piece> pieces, boolean willBeEmbedded) {
    int embedded = willBeEmbedded ? 0 : pieces.size();
    return documents.put(
            document.id(),
            new Held(
                document.title(), document.characters(), first(pieces), pieces.size(), embedded, 0))
        != null;
  }

  /** Whether it was there. */
  boolean remove(String id) {
    return documents.remove(id) != null;
  }

  /** Whether the document of these passages is still the one under this id. */
  boolean isCurrent(String id, List<Piece> pieces) {
    Held held = documents.get(id);
    return held != null && held.first == first(pieces);
  }

  private static long first(List<Piece> pieces) {
    return pieces.isEmpty() ? -1 : pieces.getFirst().id();
  }

  /** Notes that more passages of a document went through the models, some with a vector. */
  void embedded(String id, int passages, int vectors) {
    documents.computeIfPresent(
        id,
        (_, held) ->
            new Held(
                held.title,
                held.characters,
                held.first,
                held.passages,
                held.embedded + passages,
                held.vectors + vectors));
  }

  /** Passages that will get a vector. */
  int pending() {
    return documents.values().stream().mapToInt(Held::pending).sum();
  }

  /** Passages with a vector. */
  int vectors() {
    return documents.values().stream().mapToInt(Held::vectors).sum();
  }

  /** How many characters the collection would grow by. */
  long growth(List<SourceDocument> added) {
    Map<String, Long> after = new HashMap<>();
    added.forEach(document -> after.put(document.id(), document.characters()));
    long growth = 0;
    for (Map.Entry<String, Long> document : after.entrySet()) {
      Held before = documents.get(document.getKey());
      growth += document.getValue() - (before == null ? 0 : before.characters);
    }
    return growth;
  }

  CollectionInfo info(String name) {
    int passages = 0;
    long characters = 0;
    for (Held document : documents.values()) {
      passages += document.passages;
      characters += document.characters;
    }
    return new CollectionInfo(name, documents.size(), passages, characters);
  }

  /** By id. */
  List<SourceInfo> sources() {
    return documents.entrySet().stream()
        .map(e ->
            new SourceInfo(
                e.getKey(),
                e.getValue().title,
                e.getValue().passages,
                e.getValue().vectors,
                e.getValue().characters))
        .toList();
  }
}
