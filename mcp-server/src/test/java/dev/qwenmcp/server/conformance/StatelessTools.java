package dev.qwenmcp.server.conformance;

import dev.qwenmcp.server.conformance.Said.SayingTool;
import dev.qwenmcp.server.protocol.Answers;
import dev.qwenmcp.server.protocol.Content;
import dev.qwenmcp.server.protocol.Doc;
import dev.qwenmcp.server.protocol.FormSchema;
import dev.qwenmcp.server.protocol.LogLevel;
import dev.qwenmcp.server.protocol.MissingCapabilityException;
import dev.qwenmcp.server.protocol.Question;
import dev.qwenmcp.server.protocol.TaskSupport;
import dev.qwenmcp.server.protocol.Tool;
import dev.qwenmcp.server.protocol.ToolContext;
import dev.qwenmcp.server.protocol.ToolException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/** The tools that the conformance suite wants of a server of MCP 2026-07-28. */
public final class StatelessTools {
  static final Question.Form NAME =
      new Question.Form(
          "What is your name?", new FormSchema().text(field("name", "Your name")).build());
  private static final Question.Form CONFIRM =
      new Question.Form("Please confirm", new FormSchema().flag(field("ok", "Whether")).build());
  private static final Question.Form COLOUR =
      new Question.Form(
          "Step 2: What is your favorite color?",
          new FormSchema().text(field("color", "Your colour")).build());
  private static final Question.Roots ROOTS = new Question.Roots();

  private StatelessTools() {}

  private static FormSchema.Field field(String name, String description) {
    return FormSchema.Field.needed(name, description);
  }

  private static Question.Sample sample(String text, int maxTokens) {
    return new Question.Sample(
        List.of(new Question.Message("user", new Content.Text(text))), "", maxTokens);
  }

  /** Asks one question under a key. */
  static <A> A ask(ToolContext context, String key, Question<A> question)
      throws ToolException, InterruptedException {
    SequencedMap<String, Question<?>> questions = new LinkedHashMap<>();
    questions.put(key, question);
    return context
        .askAll(questions)
        .orElseThrow(() -> new MissingCapabilityException(capability(question)))
        .to(key, question);
  }

  private static String capability(Question<?> question) {
    return switch (question) {
      case Question.Form _, Question.Visit _ -> "elicitation";
      case Question.Sample _ -> "sampling";
      case Question.Roots _ -> "roots";
    };
  }

  private static String named(ToolContext context, String key)
      throws ToolException, InterruptedException {
    return ask(context, key, NAME).content().path("name").asString("nobody");
  }

  /** All of them. */
  public static List<Tool<?, ?>> all() {
    return List.of(
        SayingTool.of(
            "test_input_required_result_elicitation",
            (_, context) -> "Hello, %s!".formatted(named(context, "user_name"))),
        SayingTool.of(
            "test_input_required_result_sampling",
            (_, context) ->
                words(
                    ask(
                        context,
                        "capital_question",
                        sample("What is the capital of France?", 100)))),
        SayingTool.of(
            "test_input_required_result_list_roots",
            (_, context) -> ask(context, "client_roots", ROOTS).toString()),
        SayingTool.of(
            "test_input_required_result_request_state",
            (_, context) -> "state-ok " + ask(context, "confirm", CONFIRM).choice()),
        SayingTool.of("test_input_required_result_multiple_inputs", (_, context) -> many(context)),
        SayingTool.of(
            "test_input_required_result_multi_round",
            (_, context) ->
                named(context, "step1")
                    + " likes "
                    + ask(context, "step2", COLOUR).content().path("color").asString()),
        SayingTool.of(
            "test_input_required_result_tampered_state",
            (_, context) -> "" + ask(context, "confirm", CONFIRM).choice()),
        SayingTool.of("test_input_required_result_capabilities", (_, context) -> able(context)),
        SayingTool.of(
            "test_missing_capability",
            (_, context) -> words(ask(context, "needed", sample("Anything", 10)))),
        SayingTool.of(
            "test_streaming_elicitation",
            (_, context) -> {
              context.progress(1, 2.0, "about to ask");
              return named(context, "user_name");
            }),
        SayingTool.of(
            "test_logging_tool",
            (_, context) -> {
              context.log(LogLevel.INFO, "fixture", "something happened");
              return "logged";
            }),
        SayingTool.task(
            "test_x_mcp_header",
            Routed.class,
            TaskSupport.NONE,
            (routed, _) -> "region " + routed.region()));
  }

  /** Arguments that a header repeats. */
  public record Routed(
      @Doc(value = "Where to go.", optional = true, header = "Region") String region) {}

  private static String words(Question.SampleAnswer answer) {
    return answer.content() instanceof Content.Text text ? text.text() : answer.model();
  }

  private static String many(ToolContext context) throws ToolException, InterruptedException {
    Question.Sample greeting = sample("Generate a greeting", 50);
    SequencedMap<String, Question<?>> questions = new LinkedHashMap<>(Map.of("user_name", NAME));
    questions.put("greeting", greeting);
    questions.put("client_roots", ROOTS);
    Answers answers =
        context.askAll(questions).orElseThrow(() -> new MissingCapabilityException("elicitation"));
    return "%s %s %s"
        .formatted(
            words(answers.to("greeting", greeting)),
            answers.to("user_name", NAME).content().path("name").asString(),
            answers.to("client_roots", ROOTS));
  }

  /** Asks whatever the client answers. */
  private static String able(ToolContext context) throws ToolException, InterruptedException {
    SequencedMap<String, Question<?>> form = new LinkedHashMap<>();
    form.put("user_name", NAME);
    if (context.askAll(form).isPresent()) {
      return "a form was filled in";
    }
    return words(ask(context, "greeting", sample("Generate a greeting", 50)));
  }
}
