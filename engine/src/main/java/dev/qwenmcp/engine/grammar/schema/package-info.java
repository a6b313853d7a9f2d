/**
 * JSON Schema as a grammar of JSON texts.
 *
 * <p>Start at {@link dev.qwenmcp.engine.grammar.schema.JsonSchemaGrammar}. The way: a {@code
 * SchemaDocument} finds subschemas and resolves references; {@code Branches} brings a conjunction
 * of subschemas into a list of alternatives, each a {@code Branch} of one JSON type; {@code
 * Satisfiability} finds which of these have values at all; {@code RuleWriter} turns them into
 * rules. Uses {@code engine.json} and the grammar packages.
 */
package dev.qwenmcp.engine.grammar.schema;
