package dev.qwenmcp.engine.grammar.schema;

import dev.qwenmcp.engine.json.JsonValue;
import java.util.Set;

/**
 * What is done with each keyword of JSON Schema, drafts 4 to 2020-12.
 *
 * <p>Keywords that no draft knows are annotations, as the standard says; but one that looks like a
 * slip of the pen is an error, since ignoring it would silently drop a condition. A sign before a
 * name ({@code _format}) is taken for intent.
 */
final class Keywords {
  private Keywords() {}

  /** Understood: conditions and what they are made of. */
  private static final Set<String> CONDITIONS =
      Set.of(
          "type",
          "enum",
          "const",
          "multipleOf",
          "maximum",
          "exclusiveMaximum",
          "minimum",
          "exclusiveMinimum",
          "maxLength",
          "minLength",
          "pattern",
          "format",
          "prefixItems",
          "items",
          "additionalItems",
          "maxItems",
          "minItems",
          "uniqueItems",
          "contains",
          "minContains",
          "maxContains",
          "properties",
          "patternProperties",
          "additionalProperties",
          "required",
          "minProperties",
          "maxProperties",
          "propertyNames",
          "dependentRequired",
          "dependentSchemas",
          "dependencies",
          "allOf",
          "anyOf",
          "oneOf",
          "not",
          "if",
          "then",
          "else",
          "$ref",
          "$dynamicRef",
          "unevaluatedProperties",
          "unevaluatedItems");

  /** Conditions of some draft that are refused. */
  private static final Set<String> REFUSED =
      Set.of("$recursiveRef", "extends", "disallow", "divisibleBy");

  /** Known, and without bearing on which values are valid. */
  private static final Set<String> ANNOTATIONS =
      Set.of(
          "$schema",
          "$id",
          "id",
          "$anchor",
          "$dynamicAnchor",
          "$recursiveAnchor",
          "$comment",
          "$defs",
          "definitions",
          "$vocabulary",
          "title",
          "description",
          "default",
          "examples",
          "example",
          "deprecated",
          "readOnly",
          "writeOnly",
          "contentEncoding",
          "contentMediaType",
          "contentSchema",
          "nullable");

  /** Refuses what is not understood in a subschema. */
  static void check(SchemaNode node) {
    if (!(node.schema() instanceof JsonValue.Obj object)) {
      return;
    }
    for (String keyword : object.members().keySet()) {
      if (REFUSED.contains(keyword)) {
        throw node.error(keyword, "the keyword " + keyword + " is not supported; leave it out");
      }
      if (CONDITIONS.contains(keyword)
          || ANNOTATIONS.contains(keyword)
          || !keyword.matches("\\p{L}.*")) {
        continue;
      }
      for (String known : CONDITIONS) {
        if (slip(keyword, known)) {
          throw node.error(
              keyword,
              "no keyword of JSON Schema is called " + keyword + "; is " + known + " meant?");
        }
      }
    }
  }

  /** Whether one is the other but for case, one letter more, less or changed, or two swapped. */
  private static boolean slip(String written, String known) {
    if (known.length() < 5) {
      return written.equalsIgnoreCase(known) && known.length() > 3;
    }
    if (written.equalsIgnoreCase(known)) {
      return true;
    }
    int shorter = Math.min(written.length(), known.length());
    int begin = 0;
    while (begin < shorter && written.charAt(begin) == known.charAt(begin)) {
      begin++;
    }
    int end = 0;
    while (end < shorter - begin
        && written.charAt(written.length() - 1 - end) == known.charAt(known.length() - 1 - end)) {
      end++;
    }
    int restWritten = written.length() - begin - end;
    int restKnown = known.length() - begin - end;
    boolean swapped =
        restWritten == 2
            && restKnown == 2
            && written.charAt(begin) == known.charAt(begin + 1)
            && written.charAt(begin + 1) == known.charAt(begin);
    return swapped || Math.max(restWritten, restKnown) <= 1;
  }
}
