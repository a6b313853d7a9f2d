package dev.qwenmcp.server.tool;

import dev.qwenmcp.server.protocol.ToolContext;
import dev.qwenmcp.server.protocol.ToolException;
import dev.qwenmcp.server.text.Span;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Finds what a text names, each with its type and its place. */
final class EntityFinder {
  private static final List<String> TYPES =
      List.of("person", "organisation", "location", "date", "time", "quantity", "product");

  /** Of a part of a text; more are left to schemas of the caller's own. */
  private static final int MOST = 40;

  /** Models that cannot tell would go on to the end. */
  private static final int MOST_GUESSES = 3;

  private static final int MOST_CHARACTERS = 120;

  /** Of a guess; a character that the vocabulary lacks takes up to four tokens. */
  private static final int MOST_GUESSED_CHARACTERS = 20;

  private static final int MOST_TYPE_CHARACTERS = 60;

  private final LanguageModels models;

  EntityFinder(LanguageModels models) {
    this.models = models;
  }

  Finding.Found find(
      Understand.Arguments arguments, String text, WorkingContext context, ToolContext call)
      throws ToolException, InterruptedException {
    List<String> types = types(arguments.entityTypes());
    ChatModel model = models.chat(arguments.model(), context, call);
    boolean reads = model.profile().readsTexts();
    Extractor extractor =
        new Extractor(
            reads
                ? schema(types, MOST, MOST_CHARACTERS)
                : schema(types, MOST_GUESSES, MOST_GUESSED_CHARACTERS),
            "entities",
            Map.of("types", "- " + String.join("\n- ", types)));
    Extraction extraction =
        new Extraction(
            model, extractor, TextTasks.maxTokens(arguments), TextTasks.deadline(arguments, call));
    ObjectNode found = extraction.extract(text);
    List<String> notes = new ArrayList<>(model.languageNotes(text));
    notes.addAll(extraction.notes());
    if (!reads) {
      notes.add(
          "the model %s has not learnt to find entities: which words of the text these are is a guess"
              .formatted(model.name()));
    }
    return new Finding.Found(
        new Finding.Entities(located(found, text, notes)),
        Optional.empty(),
        Finding.Origin.of(model, extraction.usage(), extraction.parts(), notes)
            .withTokens(extraction.tokens()));
  }

  /** Entities of the text; what the model wrote otherwise is left out, with a note. */
  static List<Finding.Entity> located(ObjectNode found, String text, List<String> notes) {
    Grounding grounding = new Grounding(text);
    Set<Finding.Entity> entities = new HashSet<>();
    int missing = 0;
    for (JsonNode entity : found.path("entities")) {
      Optional<Span> span = grounding.find(entity.path("text").asString());
      if (span.isPresent()) {
        Span place = span.get();
        entities.add(
            new Finding.Entity(
                entity.path("type").asString(), place.of(text), place.start(), place.end()));
      } else {
        missing++;
      }
    }
    if (missing > 0) {
      notes.add(
          "%d entities were left out because their words do not stand in the text"
              .formatted(missing));
    }
    return entities.stream()
        .sorted(
            Comparator.comparingInt(Finding.Entity::start)
                .thenComparing(Finding.Entity::end)
                .thenComparing(Finding.Entity::type))
        .toList();
  }

  private static List<String> types(List<String> given) throws ToolException {
    if (given == null) {
      return TYPES;
    }
    for (String type : given) {
      if (type.isBlank() || type.length() > MOST_TYPE_CHARACTERS) {
        throw new ToolException(
            "invalid_entity_types",
            "the entity type \"%s\" is blank or has more than %d characters; use a short name"
                .formatted(type, MOST_TYPE_CHARACTERS));
      }
    }
    if (new HashSet<>(given).size() < given.size()) {
      throw new ToolException(
          "invalid_entity_types", "an entity type is there twice; give each once");
    }
    return given;
  }

  private static ObjectNode schema(List<String> types, int most, int characters) {
    ObjectNode item = JsonNodeFactory.instance.objectNode().put("type", "object");
    ObjectNode members = item.putObject("properties");
    ArrayNode names = members.putObject("type").putArray("enum");
    types.forEach(names::add);
    members
        .putObject("text")
        .put("type", "string")
        .put("minLength", 1)
        .put("maxLength", characters);
    item.putArray("required").add("type").add("text");
    item.put("additionalProperties", false);
    ObjectNode schema = JsonNodeFactory.instance.objectNode().put("type", "object");
    schema
        .putObject("properties")
        .putObject("entities")
        .put("type", "array")
        .put("maxItems", most)
        .set("items", item);
    schema.putArray("required").add("entities");
    schema.put("additionalProperties", false);
    return schema;
  }
}
