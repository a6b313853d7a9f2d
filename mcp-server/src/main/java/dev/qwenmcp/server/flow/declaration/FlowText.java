package dev.qwenmcp.server.flow.declaration;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.schema.JsonSchema;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * YAML 1.2 (of which JSON is a part) as a JSON tree that knows the line of each field.
 *
 * @param tree what was written
 * @param lines from 1, by path: {@code steps[2].tool}
 */
record FlowText(JsonNode tree, Map<String, Integer> lines) {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  /** A declaration that came as JSON values; without lines. */
  static FlowText of(JsonNode tree) {
    return new FlowText(tree, Map.of());
  }

  /**
   * @throws FlowFormatException if it is not one document of YAML or JSON, is too large, too deep,
   *     or uses an alias
   */
  static FlowText parse(String text) throws FlowFormatException {
    if (text.length() > FlowLimits.DECLARATION_CHARACTERS) {
      throw problem(
          0,
          "",
          "the declaration has %,d characters; at most %,d are allowed"
              .formatted(text.length(), FlowLimits.DECLARATION_CHARACTERS));
    }
    LoadSettings settings =
        LoadSettings.builder()
            .setLabel("flow")
            .setSchema(new JsonSchema())
            .setCodePointLimit(FlowLimits.DECLARATION_CHARACTERS)
            .build();
    try {
      requireShallow(new Parse(settings).parseString(text));
      Node root =
          new Compose(settings)
              .composeString(text)
              .orElseThrow(() -> problem(1, "", "the declaration is empty"));
      Map<String, Integer> lines = new HashMap<>();
      return new FlowText(convert(root, "", lines), Map.copyOf(lines));
    } catch (MarkedYamlEngineException e) {
      int line = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(0);
      throw problem(line, "", "not YAML or JSON: " + e.getProblem());
    } catch (YamlEngineException e) {
      throw problem(0, "", "not YAML or JSON: " + e.getMessage());
    }
  }

  /** The events come one by one, so that nesting cannot exhaust the stack before it is refused. */
  private static void requireShallow(Iterable<Event> events) throws FlowFormatException {
    int depth = 0;
    int nodes = 0;
    for (Event event : events) {
      int line = event.getStartMark().map(Mark::getLine).orElse(-1) + 1;
      nodes++;
      if (event instanceof AliasEvent) {
        throw problem(line, "", "aliases (*name) are not allowed; write the value again");
      }
      if (event instanceof CollectionStartEvent && ++depth > FlowLimits.DECLARATION_DEPTH) {
        throw problem(
            line, "", "nested deeper than %d levels".formatted(FlowLimits.DECLARATION_DEPTH));
      }
      if (event instanceof CollectionEndEvent) {
        depth--;
      }
      if (nodes > FlowLimits.DECLARATION_NODES) {
        throw problem(line, "", "more than %,d values".formatted(FlowLimits.DECLARATION_NODES));
      }
    }
  }

  private static JsonNode convert(Node node, String path, Map<String, Integer> lines)
      throws FlowFormatException {
    lines.putIfAbsent(path, line(node));
    return switch (node) {
      case MappingNode mapping -> object(mapping, path, lines);
      case SequenceNode sequence -> {
        ArrayNode array = JSON.arrayNode();
        for (Node item : sequence.getValue()) {
          array.add(convert(item, path + "[" + array.size() + "]", lines));
        }
        yield array;
      }
      case ScalarNode scalar -> scalar(scalar, path);
      default -> throw problem(line(node), path, "an unexpected kind of YAML");
    };
  }

  private static ObjectNode object(MappingNode mapping, String path, Map<String, Integer> lines)
      throws FlowFormatException {
    ObjectNode object = JSON.objectNode();
    for (NodeTuple pair : mapping.getValue()) {
      if (!(pair.getKeyNode() instanceof ScalarNode key)) {
        throw problem(line(pair.getKeyNode()), path, "names of fields are plain text");
      }
      String name = key.getValue();
      String inner = FlowText.join(path, name);
      if (object.has(name)) {
        throw problem(line(key), inner, "given twice");
      }
      lines.put(inner, line(key));
      object.set(name, convert(pair.getValueNode(), inner, lines));
    }
    return object;
  }

  private static JsonNode scalar(ScalarNode scalar, String path) throws FlowFormatException {
    String value = scalar.getValue();
    Tag tag = scalar.getTag();
    try {
      if (tag.equals(Tag.NULL)) {
        return JSON.nullNode();
      }
      if (tag.equals(Tag.BOOL)) {
        return JSON.booleanNode(Boolean.parseBoolean(value));
      }
      if (tag.equals(Tag.INT)) {
        BigInteger number = new BigInteger(value);
        return number.bitLength() < Long.SIZE
            ? JSON.numberNode(number.longValueExact())
            : JSON.numberNode(number);
      }
      if (tag.equals(Tag.FLOAT)) {
        return JSON.numberNode(new BigDecimal(value).doubleValue());
      }
    } catch (NumberFormatException e) {
      throw problem(line(scalar), path, value + " is no number of JSON");
    }
    return JSON.stringNode(value);
  }

  private static int line(Node node) {
    return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
  }

  /** The line of a field, or of the nearest one around it; 0 where there are none. */
  int line(String path) {
    String at = path;
    while (true) {
      Integer line = lines.get(at);
      if (line != null) {
        return line;
      }
      if (at.isEmpty()) {
        return 0;
      }
      at = at.substring(0, Math.max(0, Math.max(at.lastIndexOf('.'), at.lastIndexOf('['))));
    }
  }

  static String join(String path, String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  private static FlowFormatException problem(int line, String path, String message) {
    return new FlowFormatException(List.of(new FlowProblem(line, path, message)));
  }
}
