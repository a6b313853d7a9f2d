package dev.qwenmcp.engine.grammar.schema;

import dev.qwenmcp.engine.grammar.GrammarException;
import dev.qwenmcp.engine.json.JsonValue;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A schema document: its subschemas by pointer, and where references lead. */
final class SchemaDocument {
  private final List<SchemaNode> nodes = new ArrayList<>();
  private final Map<String, SchemaNode> byPointer = new HashMap<>();

  /** Pointers by absolute URI without empty fragment: of {@code $id} and {@code $anchor}. */
  private final Map<String, String> identified = new HashMap<>();

  /** Base URI of each subschema that has an {@code $id} of its own, by pointer. */
  private final Map<String, String> bases = new HashMap<>();

  /** How many subschemas have a {@code $dynamicAnchor} of a name. */
  private final Map<String, Integer> dynamicAnchors = new HashMap<>();

  private final JsonValue root;
  private final boolean referencesStandAlone;

  SchemaDocument(JsonValue root) {
    this.root = root;
    String dialect =
        root instanceof JsonValue.Obj object
                && object.get("$schema") instanceof JsonValue.Text(var uri)
            ? uri
            : "";
    // Up to draft 7, what stands beside a $ref is ignored.
    referencesStandAlone = dialect.matches(".*draft-0?[3-7]/.*");
    identify(root, "#", "");
  }

  SchemaNode root() {
    return node("#", root);
  }

  /** Whether keywords beside {@code $ref} do not count, as in the drafts up to 7. */
  boolean referencesStandAlone() {
    return referencesStandAlone;
  }

  SchemaNode node(int index) {
    return nodes.get(index);
  }

  /** The subschema under a keyword of another, or deeper. */
  SchemaNode child(SchemaNode parent, JsonValue schema, String... path) {
    return node(parent.at(path), schema);
  }

  /** A subschema that stands nowhere: only this value satisfies it. */
  SchemaNode given(JsonValue value) {
    return node("the value " + value, new JsonValue.Obj(Map.of("const", value)));
  }

  private SchemaNode node(String pointer, JsonValue schema) {
    SchemaNode known = byPointer.get(pointer);
    if (known != null) {
      return known;
    }
    if (!(schema instanceof JsonValue.Obj) && !(schema instanceof JsonValue.Bool)) {
      throw new GrammarException(
          pointer, "a schema must be an object or a boolean, not " + brief(schema));
    }
    SchemaNode node = new SchemaNode(nodes.size(), pointer, schema);
    nodes.add(node);
    byPointer.put(pointer, node);
    return node;
  }

  /**
   * Whether a {@code $dynamicRef} to a subschema leads there from everywhere: its {@code
   * $dynamicAnchor} stands nowhere else, or it has none, so that the reference is a plain one.
   */
  boolean onlyAnchor(SchemaNode target) {
    return !(target.get("$dynamicAnchor") instanceof JsonValue.Text(var anchor))
        || dynamicAnchors.getOrDefault(anchor, 1) == 1;
  }

  static String brief(JsonValue value) {
    String text = value.toString();
    return text.length() > 60 ? text.substring(0, 60) + "…" : text;
  }

  /** Where a reference leads. */
  SchemaNode resolve(SchemaNode from, String reference) {
    String pointer;
    if (reference.startsWith("#") && base(from.pointer()).isEmpty()) {
      pointer = fragment(from, "#", "", reference.substring(1), reference);
    } else {
      int hash = reference.indexOf('#');
      String document = hash < 0 ? reference : reference.substring(0, hash);
      String target = resolved(base(from.pointer()), document);
      String resource = target.isEmpty() ? "#" : identified.get(target);
      if (resource == null) {
        throw new GrammarException(
            from.at("$ref"),
            "refers to " + reference + ", which is not in this document; put it under $defs");
      }
      pointer =
          fragment(
              from, resource, target, hash < 0 ? "" : reference.substring(hash + 1), reference);
    }
    return node(pointer, value(pointer, from, reference));
  }

  private String fragment(
      SchemaNode from, String resource, String uri, String fragment, String reference) {
    if (fragment.isEmpty()) {
      return resource;
    }
    if (!fragment.startsWith("/")) {
      String pointer = identified.get(uri + "#" + fragment);
      if (pointer == null) {
        throw new GrammarException(
            from.at("$ref"), "refers to " + reference + ", but there is no such $anchor");
      }
      return pointer;
    }
    try {
      return resource + URLDecoder.decode(fragment.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new GrammarException(from.at("$ref"), "is not a URI reference: " + reference);
    }
  }

  private JsonValue value(String pointer, SchemaNode from, String reference) {
    JsonValue value = root;
    String[] steps = pointer.split("/", -1);
    for (int i = 1; i < steps.length && value != null; i++) {
      String step = steps[i].replace("~1", "/").replace("~0", "~");
      value =
          switch (value) {
            case JsonValue.Obj object -> object.get(step);
            case JsonValue.Array(var values) ->
                step.matches("0|[1-9][0-9]{0,8}") && Integer.parseInt(step) < values.size()
                    ? values.get(Integer.parseInt(step))
                    : null;
            default -> null;
          };
    }
    if (value == null) {
      throw new GrammarException(
          from.at("$ref"), "refers to " + reference + ", but nothing stands there");
    }
    return value;
  }

  /** The base URI in force at a pointer; empty where no {@code $id} is. */
  private String base(String pointer) {
    for (String at = pointer; ; at = at.substring(0, at.lastIndexOf('/'))) {
      String base = bases.get(at);
      if (base != null || at.equals("#")) {
        return base == null ? "" : base;
      }
    }
  }

  /** Keywords whose value is a subschema or an array of them. */
  private static final Set<String> SCHEMAS =
      Set.of(
          "additionalItems",
          "additionalProperties",
          "allOf",
          "anyOf",
          "contains",
          "contentSchema",
          "else",
          "if",
          "items",
          "not",
          "oneOf",
          "prefixItems",
          "propertyNames",
          "then",
          "unevaluatedItems",
          "unevaluatedProperties");

  /** Keywords whose value is an object of subschemas. */
  private static final Set<String> SCHEMA_MAPS =
      Set.of(
          "$defs",
          "definitions",
          "dependencies",
          "dependentSchemas",
          "patternProperties",
          "properties");

  /** Notes the identifiers of a subschema and of those below it. */
  private void identify(JsonValue schema, String pointer, String base) {
    if (!(schema instanceof JsonValue.Obj object)) {
      return;
    }
    String here = base;
    String id = referencesStandAlone && object.get("$ref") != null ? null : idOf(object);
    if (id != null && id.startsWith("#")) {
      identified.putIfAbsent(here + id, pointer); // drafts 4 to 7: an anchor
    } else if (id != null) {
      here = resolved(base, id.replaceFirst("#$", ""));
      identified.putIfAbsent(here, pointer);
      bases.put(pointer, here);
    }
    if (object.get("$anchor") instanceof JsonValue.Text(var anchor)) {
      identified.putIfAbsent(here + "#" + anchor, pointer);
    }
    if (object.get("$dynamicAnchor") instanceof JsonValue.Text(var anchor)) {
      identified.putIfAbsent(here + "#" + anchor, pointer);
      dynamicAnchors.merge(anchor, 1, Integer::sum);
    }
    for (var member : object.members().entrySet()) {
      String keyword = member.getKey();
      if (SCHEMA_MAPS.contains(keyword) && member.getValue() instanceof JsonValue.Obj map) {
        for (var entry : map.members().entrySet()) {
          String step = entry.getKey().replace("~", "~0").replace("/", "~1");
          identify(entry.getValue(), pointer + "/" + keyword + "/" + step, here);
        }
      } else if (SCHEMAS.contains(keyword)) {
        if (member.getValue() instanceof JsonValue.Array(var values)) {
          for (int i = 0; i < values.size(); i++) {
            identify(values.get(i), pointer + "/" + keyword + "/" + i, here);
          }
        } else {
          identify(member.getValue(), pointer + "/" + keyword, here);
        }
      }
    }
  }

  private static String idOf(JsonValue.Obj object) {
    if (object.get("$id") instanceof JsonValue.Text(var id)) {
      return id;
    }
    // Draft 4; a member "id" that is no schema's keyword does no harm here.
    return object.get("id") instanceof JsonValue.Text(var id) && id.contains("/") ? id : null;
  }

  private static String resolved(String base, String reference) {
    try {
      return reference.isEmpty()
          ? base
          : base.isEmpty() ? reference : URI.create(base).resolve(reference).toString();
    } catch (IllegalArgumentException e) {
      return reference;
    }
  }
}
