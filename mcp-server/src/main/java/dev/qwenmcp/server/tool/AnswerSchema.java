package dev.qwenmcp.server.tool;

import com.networknt.schema.Error;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.qwenmcp.engine.grammar.Grammar;
import dev.qwenmcp.engine.grammar.GrammarException;
import dev.qwenmcp.engine.grammar.schema.JsonSchemaGrammar;
import dev.qwenmcp.engine.grammar.schema.MemberOrder;
import dev.qwenmcp.server.protocol.ToolException;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Schemas that answers must follow. */
final class AnswerSchema {
  private AnswerSchema() {}

  /**
   * The grammar that holds a model to a schema, members in its order.
   *
   * @throws ToolException if a keyword cannot be kept while writing; the message names its place
   */
  static Grammar compile(ObjectNode schema) throws ToolException {
    try {
      return JsonSchemaGrammar.compile(schema.toString(), MemberOrder.DECLARED);
    } catch (GrammarException e) {
      throw new ToolException("unsupported_schema", "the schema at " + e.getMessage());
    }
  }

  /** Where a value does not follow a schema, for people; empty if it does. */
  static List<String> violations(ObjectNode schema, JsonNode value) {
    return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
        .getSchema(schema)
        .validate(value)
        .stream()
        .map(Error::toString)
        .toList();
  }
}
