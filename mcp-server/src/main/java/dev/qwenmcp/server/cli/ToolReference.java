package dev.qwenmcp.server.cli;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/** The tools as a page for people, in Markdown, from what {@code tools/list} answers. */
final class ToolReference {
  private static final Set<String> BOUNDS =
      new LinkedHashSet<>(
          List.of(
              "minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems", "pattern"));

  private ToolReference() {}

  /** The page. */
  static String markdown(List<JsonNode> tools) {
    StringBuilder page =
        new StringBuilder(
            """
            # Tools

            Made by `./qwen-mcp tools --markdown > docs/reference/tools.md` from the schemas that \
            clients see; a test fails when they differ. What the tools do with what they are given: \
            [tool-behaviour.md](tool-behaviour.md).

            """);
    page.append(
        tools.stream()
            .map(tool -> "[`%1$s`](#%1$s)".formatted(tool.path("name").asString()))
            .collect(Collectors.joining(" · ")));
    page.append('\n');
    tools.forEach(tool -> section(tool, page));
    return page.toString();
  }

  private static void section(JsonNode tool, StringBuilder page) {
    page.append("\n## ").append(tool.path("name").asString()).append("\n\n");
    page.append(tool.path("description").asString().strip()).append("\n\n");
    List<String> hints = hints(tool.path("annotations"));
    if (!hints.isEmpty()) {
      page.append("Hints: ").append(String.join(", ", hints)).append(".\n\n");
    }
    table("Argument", tool.path("inputSchema"), page);
    table("Result", tool.path("outputSchema"), page);
  }

  private static List<String> hints(JsonNode annotations) {
    List<String> hints = new ArrayList<>();
    for (String name : List.of("readOnly", "destructive", "idempotent", "openWorld")) {
      JsonNode hint = annotations.get(name + "Hint");
      if (hint != null) {
        hints.add((hint.asBoolean() ? "" : "not ") + name);
      }
    }
    return hints;
  }

  private static void table(String title, JsonNode schema, StringBuilder page) {
    List<String> rows = new ArrayList<>();
    rows(schema, schema, "", new ArrayList<>(), rows);
    if (rows.isEmpty()) {
      page.append("Takes no arguments.\n\n");
      return;
    }
    page.append("| ").append(title).append(" | type | meaning |\n|---|---|---|\n");
    rows.forEach(row -> page.append(row).append('\n'));
    page.append('\n');
  }

  /** One row a property, those of nested objects after their own. */
  private static void rows(
      JsonNode root, JsonNode schema, String prefix, List<String> within, List<String> rows) {
    Set<String> required =
        StreamSupport.stream(schema.path("required").spliterator(), false)
            .map(JsonNode::asString)
            .collect(Collectors.toSet());
    for (var property : schema.path("properties").properties()) {
      JsonNode value = resolved(root, property.getValue());
      String name = prefix + property.getKey();
      JsonNode elements = resolved(root, value.path("items"));
      rows.add(
          "| `%s`%s | %s | %s |"
              .formatted(
                  name,
                  required.contains(property.getKey()) ? " (required)" : "",
                  type(root, value),
                  meaning(property.getValue(), value)));
      String reference =
          property.getValue().path("$ref").asString(elementReference(property.getValue()));
      if (!reference.isEmpty() && within.contains(reference)) {
        continue; // a type that holds itself
      }
      List<String> inner = new ArrayList<>(within);
      inner.add(reference);
      rows(root, value, name + ".", inner, rows);
      rows(root, elements, name + "[].", inner, rows);
    }
  }

  private static String elementReference(JsonNode value) {
    return value.path("items").path("$ref").asString("");
  }

  private static JsonNode resolved(JsonNode root, JsonNode schema) {
    String reference = schema.path("$ref").asString("");
    return reference.startsWith("#/") ? root.at(reference.substring(1)) : schema;
  }

  private static String type(JsonNode root, JsonNode schema) {
    if (schema.has("enum")) {
      return StreamSupport.stream(schema.get("enum").spliterator(), false)
          .map(value -> "`" + (value.isString() ? value.stringValue() : value.toString()) + "`")
          .collect(Collectors.joining(", "));
    }
    JsonNode type = schema.path("type");
    if (type.isArray()) {
      return StreamSupport.stream(type.spliterator(), false)
          .map(JsonNode::asString)
          .collect(Collectors.joining(" or "));
    }
    if (type.asString("").equals("array")) {
      return "array of " + type(root, resolved(root, schema.path("items")));
    }
    return type.asString("any");
  }

  private static String meaning(JsonNode property, JsonNode value) {
    List<String> parts = new ArrayList<>();
    String description =
        property.path("description").asString(value.path("description").asString("")).strip();
    if (!description.isEmpty()) {
      parts.add(description.replace("|", "\\|").replaceAll("\\s+", " "));
    }
    JsonNode standard = property.path("default");
    if (!standard.isMissingNode()) {
      parts.add("Default `" + standard + "`.");
    }
    List<String> bounds =
        BOUNDS.stream()
            .filter(value::has)
            .map(bound -> bound + " `" + value.get(bound).asString().replace("|", "\\|") + "`")
            .toList();
    if (!bounds.isEmpty()) {
      parts.add("(" + String.join(", ", bounds) + ")");
    }
    return String.join(" ", parts);
  }
}
