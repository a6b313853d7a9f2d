package dev.qwenmcp.server.conformance;

import dev.qwenmcp.server.conformance.Said.SayingTool;
import dev.qwenmcp.server.protocol.Answers;
import dev.qwenmcp.server.protocol.Doc;
import dev.qwenmcp.server.protocol.FormSchema;
import dev.qwenmcp.server.protocol.MissingCapabilityException;
import dev.qwenmcp.server.protocol.Question;
import dev.qwenmcp.server.protocol.TaskSupport;
import dev.qwenmcp.server.protocol.Tool;
import dev.qwenmcp.server.protocol.ToolContext;
import dev.qwenmcp.server.protocol.ToolException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/** The tools that the conformance suite wants of a server with the tasks extension. */
public final class TaskTools {
  private static final int POLL_MILLIS = 20;
  private static final Question.Form CONFIRM =
      new Question.Form(
          "Delete it?",
          new FormSchema().flag(FormSchema.Field.needed("confirm", "Whether to")).build());

  private TaskTools() {}

  /** Whom to greet. */
  public record Greeted(@Doc("Whom to greet.") String name) {}

  /** How long to work. */
  public record Slow(
      @Doc(value = "Seconds to work.", min = 0, max = 3600) double seconds,
      @Doc(value = "Comes back.", optional = true) String label) {}

  /** What to delete. */
  public record Deleted(@Doc("A file, which is left alone.") String filename) {}

  /** All of them. */
  public static List<Tool<?, ?>> all() {
    return List.of(
        SayingTool.task(
            "greet",
            Greeted.class,
            TaskSupport.NONE,
            (greeted, _) -> "Hello, %s!".formatted(greeted.name())),
        SayingTool.task(
            "slow_compute",
            Slow.class,
            TaskSupport.OPTIONAL,
            (slow, context) -> {
              work(slow.seconds(), context);
              return "done " + slow.label();
            }),
        SayingTool.task(
            "failing_job",
            Said.Nothing.class,
            TaskSupport.REQUIRED,
            (_, context) -> {
              work(1, context);
              throw new ToolException("failing_job", "it always fails");
            }),
        SayingTool.task(
            "protocol_error_job",
            Said.Nothing.class,
            TaskSupport.OPTIONAL,
            (_, _) -> {
              throw new MissingCapabilityException("roots");
            }),
        SayingTool.task(
            "confirm_delete",
            Deleted.class,
            TaskSupport.OPTIONAL,
            (deleted, context) ->
                "%s: %s"
                    .formatted(
                        deleted.filename(),
                        StatelessTools.ask(context, "confirm", CONFIRM).choice())),
        SayingTool.task(
            "multi_input",
            Said.Nothing.class,
            TaskSupport.OPTIONAL,
            (_, context) -> "%s and %s".formatted(both(context).byKey().values().toArray())),
        new SayingTool<>(
            "test_tool_with_task",
            Said.Nothing.class,
            TaskSupport.REQUIRED,
            (_, context) -> greeted(context),
            (_, context) -> {
              String greeted = greeted(context);
              work(0.5, context);
              return greeted;
            }));
  }

  private static String greeted(ToolContext context) throws ToolException, InterruptedException {
    return "Hello, "
        + StatelessTools.ask(context, "user_name", StatelessTools.NAME)
            .content()
            .path("name")
            .asString();
  }

  private static Answers both(ToolContext context) throws ToolException, InterruptedException {
    SequencedMap<String, Question<?>> questions = new LinkedHashMap<>();
    questions.put("first", StatelessTools.NAME);
    questions.put("second", StatelessTools.NAME);
    return context
        .askAll(questions)
        .orElseThrow(() -> new MissingCapabilityException("elicitation"));
  }

  private static void work(double seconds, ToolContext context) throws InterruptedException {
    long end = System.nanoTime() + (long) (seconds * 1e9);
    while (System.nanoTime() < end) {
      if (context.cancellation().cancelled()) {
        throw new InterruptedException("cancelled");
      }
      Thread.sleep(POLL_MILLIS);
    }
  }
}
