package dev.qwenmcp.server.knowledge;

import dev.qwenmcp.server.knowledge.KnowledgeException.Kind;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a collection is, beside its indexes.
 *
 * @param format version of everything that is stored
 * @param id of this collection; another after it was removed and made again
 * @param principal whose it is
 * @param name its name
 * @param serving the models whose vectors searches compare
 * @param next the models whose vectors are being made to take their place, if any
 */
record Manifest(
    int format,
    String id,
    String principal,
    String name,
    Generation serving,
    Optional<Generation> next) {
  /**
   * 1: an index "words" with a head and the passages of each document, and one of vectors for each
   * generation.
   */
  static final int FORMAT = 1;

  /** With other vectors. */
  Manifest with(Generation nowServing, Optional<Generation> nowNext) {
    return new Manifest(format, id, principal, name, nowServing, nowNext);
  }

  String toJson() {
    return JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(this);
  }

  /**
   * @param place where it was read, for people
   * @throws KnowledgeException if it is of a newer version or none at all
   */
  static Manifest of(String json, String place) throws KnowledgeException {
    try {
      JsonNode root = JsonMapper.shared().readTree(json);
      int format = root.path("format").asInt(0);
      if (format > FORMAT) {
        throw StorageFailures.newer("collection " + root.path("name"), place, null);
      }
      Manifest manifest = JsonMapper.shared().treeToValue(root, Manifest.class);
      if (format < 1
          || manifest.id == null
          || !manifest.id.matches("[0-9a-f]{1,64}")
          || manifest.principal == null
          || manifest.name == null
          || manifest.serving == null
          || manifest.next == null) {
        throw damaged(place, "it lacks members");
      }
      return manifest;
    } catch (JacksonException | NullPointerException e) {
      throw damaged(place, "it is not JSON of this kind");
    }
  }

  private static KnowledgeException damaged(String place, String problem) {
    return new KnowledgeException(
        Kind.DAMAGED,
        "collection.json in %s is damaged (%s); restore the folder from a backup, or delete it and ingest the documents again. Other collections are not affected"
            .formatted(place, problem));
  }
}
