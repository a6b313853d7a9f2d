package dev.qwenmcp.server.cli;

import dev.qwenmcp.engine.grammar.Grammar;
import dev.qwenmcp.engine.grammar.GrammarException;
import dev.qwenmcp.engine.grammar.gbnf.GbnfGrammar;
import dev.qwenmcp.engine.grammar.schema.JsonSchemaGrammar;
import dev.qwenmcp.engine.grammar.schema.MemberOrder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** The form that an answer is held to. */
final class ConstraintFlags {
  @ArgGroup(exclusive = true)
  private Form form = new Form();

  @Option(
      names = "--declared-order",
      description =
          "With --json-schema: members come in the order of the schema, not in any order.")
  private boolean declaredOrder;

  /** One of them. */
  static final class Form {
    @Option(
        names = "--json-schema",
        paramLabel = "FILE",
        description = "Hold the answer to JSON that follows this schema.")
    private Path schema;

    @Option(
        names = "--regex",
        paramLabel = "EXPRESSION",
        description = "Hold the answer to texts that this expression matches as a whole.")
    private String regex;

    @Option(
        names = "--choice",
        paramLabel = "TEXT",
        description = "Hold the answer to one of these texts; may be repeated.")
    private List<String> choices;

    @Option(
        names = "--grammar",
        paramLabel = "FILE",
        description = "Hold the answer to a grammar in GBNF: docs/reference/constraints.md.")
    private Path grammar;
  }

  /**
   * The texts that are allowed, if a form was given.
   *
   * @throws CliException if it cannot be compiled
   */
  Optional<Grammar> grammar() throws IOException, CliException {
    if (declaredOrder && form.schema == null) {
      throw new CliException("--declared-order is about --json-schema; give both or neither");
    }
    try {
      if (form.schema != null) {
        return Optional.of(
            JsonSchemaGrammar.compile(
                InputText.of(form.schema), declaredOrder ? MemberOrder.DECLARED : MemberOrder.ANY));
      }
      if (form.regex != null) {
        return Optional.of(Grammar.regex(form.regex));
      }
      if (form.choices != null) {
        return Optional.of(Grammar.choice(form.choices));
      }
      return form.grammar == null
          ? Optional.empty()
          : Optional.of(GbnfGrammar.compile(InputText.of(form.grammar)));
    } catch (GrammarException e) {
      throw new CliException((form.schema != null ? "the schema at " : "") + e.getMessage(), e);
    }
  }
}
