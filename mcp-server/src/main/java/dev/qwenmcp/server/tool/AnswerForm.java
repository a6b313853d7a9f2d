package dev.qwenmcp.server.tool;

import dev.qwenmcp.engine.grammar.Grammar;
import dev.qwenmcp.engine.grammar.GrammarException;
import dev.qwenmcp.engine.grammar.gbnf.GbnfGrammar;
import dev.qwenmcp.engine.grammar.schema.JsonSchemaGrammar;
import dev.qwenmcp.engine.grammar.schema.MemberOrder;
import dev.qwenmcp.server.protocol.Doc;
import dev.qwenmcp.server.protocol.ToolException;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/** The form that an answer is held to while it is written: exactly one of four ways to say it. */
public record AnswerForm(
    @Doc(value = "JSON Schema that the answer, a JSON text, follows", optional = true)
        ObjectNode jsonSchema,
    @Doc(
            value =
                "With json_schema: whether members come in any order (the default) or in that in"
                    + " which the schema declares them, which leaves less to choose and so is"
                    + " quicker, and lets a reasoning member come before its conclusion",
            optional = true)
        MemberOrder order,
    @Doc(
            value = "Regular expression (ECMAScript) that the whole answer matches",
            optional = true,
            minSize = 1,
            maxSize = 20_000)
        String regex,
    @Doc(value = "The answer is one of these texts", optional = true, minSize = 1, maxSize = 10_000)
        List<String> choices,
    @Doc(
            value = "Context-free grammar in GBNF whose rule root describes the whole answer",
            optional = true,
            minSize = 1,
            maxSize = 200_000)
        String grammar) {

  /** JSON that follows a schema, with members in its order. */
  static AnswerForm json(ObjectNode schema) {
    return new AnswerForm(schema, MemberOrder.DECLARED, null, null, null);
  }

  /**
   * The texts of this form.
   *
   * @throws ToolException if there is not exactly one form, or it cannot be compiled
   */
  Grammar compile() throws ToolException {
    long given = Stream.of(jsonSchema, regex, choices, grammar).filter(Objects::nonNull).count();
    if (given != 1) {
      throw new ToolException(
          "invalid_constraint",
          "constraint has %d of json_schema, regex, choices and grammar; give exactly one"
              .formatted(given));
    }
    if (order != null && jsonSchema == null) {
      throw new ToolException(
          "invalid_constraint", "constraint.order is about json_schema; leave it out");
    }
    try {
      return jsonSchema != null
          ? JsonSchemaGrammar.compile(
              jsonSchema.toString(), order == null ? MemberOrder.ANY : order)
          : regex != null
              ? Grammar.regex(regex)
              : choices != null ? Grammar.choice(choices) : GbnfGrammar.compile(grammar);
    } catch (GrammarException e) {
      throw new ToolException(
          jsonSchema != null ? "unsupported_schema" : "invalid_constraint",
          (jsonSchema != null ? "the schema at " : "") + e.getMessage());
    }
  }

  /** Tells forms apart. */
  String key() {
    return StructuredContent.write(this);
  }
}
