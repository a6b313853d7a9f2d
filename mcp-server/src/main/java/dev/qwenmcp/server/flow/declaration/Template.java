package dev.qwenmcp.server.flow.declaration;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/**
 * JSON with places to fill in.
 *
 * <p>A text that is one reference and nothing else, <code>${steps.found.passages}</code>, becomes
 * the value itself, whatever its type; references inside of a longer text are written into it. What
 * is filled in is never read as a template again. <code>$${</code> stands for <code>${</code>.
 */
public sealed interface Template {

  /** Nothing to fill in. */
  record Constant(JsonNode value) implements Template {}

  /** A value of the run as it is. */
  record Value(Reference reference) implements Template {}

  /** Text with values in it. */
  record Text(List<Object> parts) implements Template {
    public Text {
      parts = List.copyOf(parts);
    }
  }

  /** An object with templates as values. */
  record Fields(Map<String, Template> fields) implements Template {
    public Fields {
      fields = new LinkedHashMap<>(fields);
    }
  }

  /** A list of templates. */
  record Items(List<Template> items) implements Template {
    public Items {
      items = List.copyOf(items);
    }
  }

  /** Shows all references to somebody. */
  default void eachReference(Consumer<Reference> visitor) {
    switch (this) {
      case Constant c -> {}
      case Value value -> visitor.accept(value.reference());
      case Text text -> {
        for (Object part : text.parts()) {
          if (part instanceof Reference reference) {
            visitor.accept(reference);
          }
        }
      }
      case Fields fields -> fields.fields().values().forEach(t -> t.eachReference(visitor));
      case Items items -> items.items().forEach(t -> t.eachReference(visitor));
    }
  }

  /**
   * Reads a template.
   *
   * @param problems hears of each reference that is malformed, by path
   */
  static Template of(JsonNode json, String path, FlowReader.Problems problems) {
    if (json.isString()) {
      return text(json, path, problems);
    }
    if (json.isObject()) {
      Map<String, Template> fields = new LinkedHashMap<>();
      json.properties()
          .forEach(f ->
              fields.put(f.getKey(), of(f.getValue(), FlowText.join(path, f.getKey()), problems)));
      return fields.values().stream().allMatch(Constant.class::isInstance)
          ? new Constant(json)
          : new Fields(fields);
    }
    if (json.isArray()) {
      List<Template> items = new ArrayList<>();
      for (JsonNode item : json) {
        items.add(of(item, path + "[" + items.size() + "]", problems));
      }
      return items.stream().allMatch(Constant.class::isInstance)
          ? new Constant(json)
          : new Items(items);
    }
    return new Constant(json);
  }

  private static Template text(JsonNode json, String path, FlowReader.Problems problems) {
    String text = json.stringValue();
    if (!text.contains("${")) {
      return new Constant(json);
    }
    List<Object> parts = new ArrayList<>();
    StringBuilder plain = new StringBuilder();
    for (int i = 0; i < text.length(); ) {
      if (text.startsWith("$${", i)) {
        plain.append("${");
        i += 3;
      } else if (text.startsWith("${", i)) {
        int end = end(text, i + 2);
        if (end < 0) {
          problems.add(path, "a reference is not closed: " + text.substring(i));
          return new Constant(json);
        }
        try {
          Reference reference = Reference.parse(text.substring(i + 2, end));
          if (!plain.isEmpty()) {
            parts.add(plain.toString());
            plain.setLength(0);
          }
          parts.add(reference);
        } catch (IllegalArgumentException e) {
          problems.add(path, e.getMessage());
          return new Constant(json);
        }
        i = end + 1;
      } else {
        plain.append(text.charAt(i++));
      }
    }
    if (!plain.isEmpty()) {
      parts.add(plain.toString());
    }
    return parts.size() == 1 && parts.getFirst() instanceof Reference reference
        ? new Value(reference)
        : new Text(parts);
  }

  /** Where a reference is closed: a brace outside of strings and inner braces. */
  private static int end(String text, int from) {
    boolean quoted = false;
    int open = 0;
    for (int i = from; i < text.length(); i++) {
      char c = text.charAt(i);
      if (quoted && c == '\\') {
        i++;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (!quoted && c == '{') {
        open++;
      } else if (!quoted && c == '}' && open-- == 0) {
        return i;
      }
    }
    return -1;
  }
}
