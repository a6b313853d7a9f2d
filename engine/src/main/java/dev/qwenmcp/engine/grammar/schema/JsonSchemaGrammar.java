package dev.qwenmcp.engine.grammar.schema;

import dev.qwenmcp.engine.grammar.Grammar;
import dev.qwenmcp.engine.grammar.GrammarException;
import dev.qwenmcp.engine.grammar.regular.Effort;
import dev.qwenmcp.engine.grammar.regular.RegularLanguageException;
import dev.qwenmcp.engine.json.JsonException;
import dev.qwenmcp.engine.json.JsonReader;
import dev.qwenmcp.engine.json.JsonValue;

/**
 * The JSON texts of the values that a schema allows (drafts 4 to 2020-12).
 *
 * <p>Every text of the grammar is valid by the schema. Of the valid texts, it has those in one
 * spelling:
 *
 * <ul>
 *   <li>white space as {@link JsonLayout} says;
 *   <li>members as {@link MemberOrder} says, each name once;
 *   <li>declared names of members and given values ({@code const}, {@code enum}) in one spelling,
 *       other strings with any JSON escapes;
 *   <li>integers without fraction and exponent, bounded numbers without exponent, numbers of an
 *       array with {@code uniqueItems} without exponent and final zeros.
 * </ul>
 *
 * <p>{@code format} is a condition. What cannot be kept while writing is an error that names its
 * place: {@code uniqueItems} of arrays and objects, or beside other conditions on items; {@code
 * unevaluatedItems} beside {@code contains}; {@code $dynamicRef} to one of several places; {@code
 * oneOf} where options may hold together and cannot be told apart. Nothing is silently dropped.
 */
public final class JsonSchemaGrammar {
  private JsonSchemaGrammar() {}

  /**
   * Compiles a schema with the layout {@link JsonLayout#ONE_LINE} and members in any order.
   *
   * @throws GrammarException if it is no schema, is not supported, is too large, or allows no
   *     value; {@link GrammarException#where()} is a JSON pointer
   */
  public static Grammar compile(String schema) {
    return compile(schema, MemberOrder.ANY);
  }

  /**
   * Compiles a schema with the layout {@link JsonLayout#ONE_LINE}.
   *
   * @throws GrammarException as {@link #compile(String)}
   */
  public static Grammar compile(String schema, MemberOrder order) {
    try {
      return compile(JsonReader.read(schema), JsonLayout.ONE_LINE, order);
    } catch (JsonException e) {
      throw new GrammarException("#", "the schema is " + e.getMessage());
    }
  }

  /**
   * Compiles a schema.
   *
   * @throws GrammarException as {@link #compile(String)}
   */
  public static Grammar compile(JsonValue schema, JsonLayout layout, MemberOrder order) {
    Effort effort = new Effort();
    try {
      SchemaDocument document = new SchemaDocument(schema);
      Conjunction root = Conjunction.of(document.root());
      Satisfiability satisfiability =
          new Satisfiability(new Branches(document, effort), root, effort);
      if (!satisfiability.satisfiable(root)) {
        throw new GrammarException("#", "no value satisfies the schema");
      }
      RuleWriter writer = new RuleWriter(document, satisfiability, layout, order, effort);
      return writer.builder().build(writer.write(root));
    } catch (RegularLanguageException e) {
      throw new GrammarException("#", e.getMessage());
    }
  }
}
