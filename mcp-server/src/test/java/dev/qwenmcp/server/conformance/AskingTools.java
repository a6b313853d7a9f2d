package dev.qwenmcp.server.conformance;

import dev.qwenmcp.server.protocol.Content;
import dev.qwenmcp.server.protocol.Doc;
import dev.qwenmcp.server.protocol.FormSchema;
import dev.qwenmcp.server.protocol.FormSchema.Field;
import dev.qwenmcp.server.protocol.Question;
import dev.qwenmcp.server.protocol.Tool;
import dev.qwenmcp.server.protocol.ToolContext;
import dev.qwenmcp.server.protocol.ToolException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Tools that ask their client. */
final class AskingTools {
  private static final int MAX_TOKENS = 100;

  private AskingTools() {}

  record Prompt(@Doc("What to ask the model.") String prompt) {}

  record Message(@Doc("What to tell the user.") String message) {}

  static List<Tool<?, ?>> all() {
    return List.of(
        new FixtureTool<>(
            "test_sampling",
            Prompt.class,
            List.of(),
            (arguments, call) -> sampled(arguments.prompt(), call)),
        new FixtureTool<>(
            "test_elicitation",
            Message.class,
            List.of(),
            (arguments, call) ->
                "User response: " + asked(call, arguments.message(), contactForm())),
        FixtureTool.doing(
            "test_elicitation_sep1034_defaults",
            (nothing, call) ->
                "Elicitation completed: " + asked(call, "Please look through this", defaults())),
        FixtureTool.doing(
            "test_elicitation_sep1330_enums",
            (nothing, call) -> "Elicitation completed: " + asked(call, "Please choose", enums())));
  }

  private static String sampled(String prompt, ToolContext call)
      throws ToolException, InterruptedException {
    Question.SampleAnswer answer =
        call.ask(
                new Question.Sample(
                    List.of(new Question.Message("user", new Content.Text(prompt))),
                    "",
                    MAX_TOKENS))
            .orElseThrow(() -> new ToolException("no_sampling", "the client cannot sample"));
    return "LLM response: " + ((Content.Text) answer.content()).text();
  }

  private static String asked(ToolContext call, String message, ObjectNode form)
      throws ToolException, InterruptedException {
    Question.FormAnswer answer =
        call.ask(new Question.Form(message, form))
            .orElseThrow(() -> new ToolException("no_elicitation", "the client cannot ask"));
    return "action=%s, content=%s"
        .formatted(answer.choice().name().toLowerCase(Locale.ROOT), answer.content());
  }

  private static ObjectNode contactForm() {
    return new FormSchema()
        .text(Field.needed("username", "User's response"))
        .text(Field.needed("email", "User's email address"))
        .build();
  }

  private static ObjectNode defaults() {
    JsonNodeFactory json = JsonNodeFactory.instance;
    return new FormSchema()
        .text(Field.withDefault("name", "Name", json.stringNode("John Doe")))
        .integer(Field.withDefault("age", "Age", json.numberNode(30)))
        .number(Field.withDefault("score", "Score", json.numberNode(95.5)))
        .choice(
            Field.withDefault("status", "Status", json.stringNode("active")),
            List.of("active", "inactive", "pending"))
        .flag(Field.withDefault("verified", "Verified", json.booleanNode(true)))
        .build();
  }

  private static ObjectNode enums() {
    Map<String, String> titles = new LinkedHashMap<>();
    titles.put("value1", "First Option");
    titles.put("value2", "Second Option");
    titles.put("value3", "Third Option");
    List<String> options = List.of("option1", "option2", "option3");
    ObjectNode named = JsonNodeFactory.instance.objectNode().put("type", "string");
    List.of("opt1", "opt2", "opt3").forEach(named.putArray("enum")::add);
    List.of("Option One", "Option Two", "Option Three").forEach(named.putArray("enumNames")::add);
    return new FormSchema()
        .choice(Field.needed("untitledSingle", "One of them"), options)
        .titledChoice(Field.needed("titledSingle", "One of them"), titles)
        .like(Field.needed("legacyEnum", "One of them"), named)
        .choices(Field.needed("untitledMulti", "Any of them"), options)
        .titledChoices(Field.needed("titledMulti", "Any of them"), titles)
        .build();
  }
}
