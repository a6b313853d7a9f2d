package dev.qwenmcp.server.tool;

import dev.qwenmcp.engine.Usage;
import dev.qwenmcp.server.protocol.ToolException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Extracts from a text of any length: one that does not fit the model's context is read in parts.
 *
 * <p>Lists of the parts are joined without repetitions; of a single value, the first is taken that
 * stands in its part of the text, else the first. If what comes of it breaks the schema, the object
 * of the part with the most values from the text is taken.
 */
final class Extraction {
  /** Least tokens of a part, and of an answer. */
  private static final int LEAST_ROOM = 16;

  /** Tokens of a part that hold a few sentences. */
  private static final int GOOD_ROOM = 64;

  private final ChatModel model;
  private final Extractor extractor;
  private final int maxTokens;
  private final Deadline deadline;
  private final List<Integer> tokens = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private Usage usage = Usage.NONE;
  private int parts = 1;
  private boolean fromText = true;

  Extraction(ChatModel model, Extractor extractor, int maxTokens, Deadline deadline) {
    this.model = model;
    this.extractor = extractor;
    this.maxTokens = maxTokens;
    this.deadline = deadline;
  }

  /** The object. */
  ObjectNode extract(String text) throws ToolException, InterruptedException {
    int instruction = extractor.promptTokens(model, "");
    int length = extractor.promptTokens(model, text);
    int room = room(instruction);
    if (length <= room) {
      return one(text);
    }
    int left = room - instruction;
    if (left < LEAST_ROOM && length < model.contextTokens() - LEAST_ROOM) {
      return one(text); // a large schema and a short text: the answer may well be short, too
    }
    if (left < LEAST_ROOM) {
      throw new ToolException(
          "context_too_small",
          "schema and instruction leave no room for the text in the context of %,d tokens of the model %s; use a smaller schema or another model"
              .formatted(model.contextTokens(), model.name()));
    }
    List<String> pieces = TextParts.of(text, left, model::countTokens);
    List<ObjectNode> objects = new ArrayList<>();
    for (String piece : pieces) {
      if (deadline.passed()) {
        notes.add(
            "the time budget of %d s ended after %d of %d parts: the result covers these; raise time_budget_seconds for the rest"
                .formatted(deadline.budget().toSeconds(), objects.size(), pieces.size()));
        break;
      }
      objects.add(one(piece));
    }
    if (objects.isEmpty()) {
      throw deadline.exceeded();
    }
    parts += objects.size() - 1;
    return merged(pieces, objects);
  }

  /**
   * Tokens for the prompt. Small contexts are soon full of the answer, so half is kept for it
   * there, unless the instruction leaves too little for the text then; elsewhere a quarter.
   */
  private int room(int instruction) {
    int whole = model.contextTokens();
    int half = whole - Math.min(maxTokens, whole / 2);
    return !model.profile().readsTexts() && half - instruction >= GOOD_ROOM
        ? half
        : whole - Math.min(maxTokens, whole / 4);
  }

  /** Reads a text at once, or in halves if the answer filled what it leaves of the context. */
  private ObjectNode one(String text) throws ToolException, InterruptedException {
    try {
      return write(text);
    } catch (ToolException e) {
      boolean contextEnded =
          e.code().equals("incomplete_answer")
              && !deadline.passed()
              && extractor.promptTokens(model, text) + maxTokens > model.contextTokens();
      int size = model.countTokens(text);
      List<String> halves =
          contextEnded && size >= 2 * LEAST_ROOM
              ? TextParts.of(text, size / 2 + 1, model::countTokens)
              : List.of();
      if (halves.size() < 2) {
        throw e;
      }
      List<ObjectNode> objects = new ArrayList<>();
      for (String half : halves) {
        objects.add(one(half));
      }
      parts += halves.size() - 1;
      return merged(halves, objects);
    }
  }

  private ObjectNode write(String text) throws ToolException, InterruptedException {
    Extractor.Extracted extracted = extractor.extract(model, text, maxTokens, deadline);
    usage = usage.plus(extracted.generation().usage());
    tokens.clear();
    tokens.addAll(extracted.generation().tokens());
    fromText &= extracted.fromText();
    return extracted.object();
  }

  private ObjectNode merged(List<String> pieces, List<ObjectNode> objects) {
    JsonNode merged = objects.getFirst();
    ObjectNode fullest = objects.getFirst();
    int most = -1;
    String read = "";
    for (int i = 0; i < objects.size(); i++) {
      int found = new Grounding(pieces.get(i)).locate(objects.get(i)).spans().size();
      if (found > most) {
        most = found;
        fullest = objects.get(i);
      }
      merged = i == 0 ? merged : merge(merged, read, objects.get(i), pieces.get(i));
      read += pieces.get(i) + "\n";
    }
    Optional<ObjectNode> valid = extractor.valid(merged);
    if (valid.isEmpty()) {
      notes.add(
          "what was found in %d parts does not fit the schema together: this is the part with the most values"
              .formatted(objects.size()));
    }
    return valid.orElse(fullest);
  }

  private static JsonNode merge(JsonNode a, String textOfA, JsonNode b, String textOfB) {
    if (a instanceof ObjectNode x && b instanceof ObjectNode y) {
      ObjectNode both = x.deepCopy();
      y.properties()
          .forEach(member -> {
            JsonNode known = both.get(member.getKey());
            both.set(
                member.getKey(),
                known == null
                    ? member.getValue()
                    : merge(known, textOfA, member.getValue(), textOfB));
          });
      return both;
    }
    if (a instanceof ArrayNode x && b instanceof ArrayNode y) {
      ArrayNode both = JsonNodeFactory.instance.arrayNode();
      for (ArrayNode list : List.of(x, y)) {
        list.forEach(item -> {
          if (both.valueStream().noneMatch(item::equals)) {
            both.add(item);
          }
        });
      }
      return both;
    }
    boolean aIsThere = !new Grounding(textOfA).locate(a).spans().isEmpty();
    boolean bIsThere = !new Grounding(textOfB).locate(b).spans().isEmpty();
    return bIsThere && !aIsThere || a.isNull() ? b : a;
  }

  /** Whether only words and numbers of the text were offered to the model. */
  boolean fromText() {
    return fromText;
  }

  /** In how many parts the text was read. */
  int parts() {
    return parts;
  }

  /** What all parts cost together. */
  Usage usage() {
    return usage;
  }

  /** Ids of the last answer. */
  List<Integer> tokens() {
    return List.copyOf(tokens);
  }

  /** What the caller should know. */
  List<String> notes() {
    return List.copyOf(notes);
  }
}
