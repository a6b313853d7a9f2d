package dev.qwenmcp.server.tool;

import dev.qwenmcp.engine.grammar.Grammar;
import dev.qwenmcp.engine.grammar.GrammarException;
import dev.qwenmcp.engine.grammar.gbnf.GbnfGrammar;
import dev.qwenmcp.engine.grammar.schema.JsonSchemaGrammar;
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

  /** JSON that follows a schema. */
  static AnswerForm json(ObjectNode schema) {
    return new AnswerForm(schema, null, null, null);
  }

  /**
   * The texts of this form.
   *
   * @throws ToolException if there is not exactly one member, or it cannot be compiled
   */
  Grammar compile() throws ToolException {
    long given = Stream.of(jsonSchema, regex, choices, grammar).filter(Objects::nonNull).count();
    if (given != 1) {
      throw new ToolException(
          "invalid_constraint",
          "constraint has %d of json_schema, regex, choices and grammar; give exactly one"
              .formatted(given));
    }
    try {
      return jsonSchema != null
          ? JsonSchemaGrammar.compile(jsonSchema.toString())
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
