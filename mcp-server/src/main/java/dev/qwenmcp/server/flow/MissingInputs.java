package dev.qwenmcp.server.flow;

import dev.qwenmcp.server.flow.declaration.Flow;
import dev.qwenmcp.server.protocol.FormSchema;
import dev.qwenmcp.server.protocol.Question;
import dev.qwenmcp.server.protocol.ToolContext;
import dev.qwenmcp.server.protocol.ToolException;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** Asks the user for what a flow needs and a call left out, where the client can ask. */
final class MissingInputs {
  private MissingInputs() {}

  /**
   * The inputs with what the user has filled in; as they were where there is nothing to ask, or
   * nobody who answers.
   */
  static ObjectNode filled(Flow flow, ObjectNode given, ToolContext call)
      throws ToolException, InterruptedException {
    List<Flow.Input> missing =
        flow.inputs().stream()
            .filter(input -> input.otherwise().isEmpty() && !given.hasNonNull(input.name()))
            .toList();
    if (missing.isEmpty() || missing.stream().anyMatch(MissingInputs::isNested)) {
      return given;
    }
    FormSchema form = new FormSchema();
    missing.forEach(input -> add(form, input));
    Optional<Question.FormAnswer> answer =
        call.ask(new Question.Form("The flow “" + flow.title() + "” needs:", form.build()));
    if (answer.isEmpty() || answer.get().choice() != Question.Choice.ACCEPT) {
      return given;
    }
    ObjectNode filled = given.deepCopy();
    missing.forEach(input -> filled.set(input.name(), answer.get().content().get(input.name())));
    return filled;
  }

  /** Forms are flat. */
  private static boolean isNested(Flow.Input input) {
    return input.type() == Flow.InputType.ARRAY || input.type() == Flow.InputType.OBJECT;
  }

  private static void add(FormSchema form, Flow.Input input) {
    FormSchema.Field field = FormSchema.Field.needed(input.name(), input.description());
    switch (input.type()) {
      case STRING -> form.text(field);
      case INTEGER -> form.integer(field);
      case NUMBER -> form.number(field);
      case BOOLEAN -> form.flag(field);
      case ARRAY, OBJECT -> throw new IllegalArgumentException(input.name() + " fits no form");
    }
  }
}
