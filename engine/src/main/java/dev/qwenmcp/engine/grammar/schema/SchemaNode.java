package dev.qwenmcp.engine.grammar.schema;

import dev.qwenmcp.engine.grammar.GrammarException;
import dev.qwenmcp.engine.json.JsonValue;

/**
 * One subschema of a document.
 *
 * @param index its number in the document
 * @param pointer where it stands, as {@code #/properties/a}
 * @param schema an object or a boolean
 */
record SchemaNode(int index, String pointer, JsonValue schema) {

  /** The keyword's value, or null. */
  JsonValue get(String keyword) {
    return schema instanceof JsonValue.Obj object ? object.get(keyword) : null;
  }

  boolean has(String keyword) {
    return get(keyword) != null;
  }

  /** Pointer of a keyword or of what is below one. */
  String at(String... path) {
    StringBuilder out = new StringBuilder(pointer);
    for (String step : path) {
      out.append('/').append(step.replace("~", "~0").replace("/", "~1"));
    }
    return out.toString();
  }

  GrammarException error(String keyword, String problem) {
    return new GrammarException(at(keyword), problem);
  }
}
