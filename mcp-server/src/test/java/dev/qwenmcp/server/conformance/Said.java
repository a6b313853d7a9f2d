package dev.qwenmcp.server.conformance;

import dev.qwenmcp.server.protocol.Doc;
import dev.qwenmcp.server.protocol.TaskSupport;
import dev.qwenmcp.server.protocol.Tool;
import dev.qwenmcp.server.protocol.ToolContext;
import dev.qwenmcp.server.protocol.ToolException;
import dev.qwenmcp.server.protocol.ToolSpec;
import java.util.Optional;

/** What a fixture says. */
public record Said(@Doc("What is said.") String said) {

  /** Arguments of tools without any. */
  public record Nothing() {}

  /** What a fixture does. */
  @FunctionalInterface
  public interface Work<I> {
    String say(I arguments, ToolContext context) throws ToolException, InterruptedException;
  }

  /** A tool that says something. */
  public record SayingTool<I extends Record>(
      String name, Class<I> arguments, TaskSupport tasks, Work<I> before, Work<I> work)
      implements Tool<I, Said> {

    /** One that takes nothing and is answered at once. */
    static SayingTool<Nothing> of(String name, Work<Nothing> work) {
      return new SayingTool<>(name, Nothing.class, TaskSupport.NONE, (_, _) -> "", work);
    }

    /** One that may become a task. */
    static <I extends Record> SayingTool<I> task(
        String name, Class<I> arguments, TaskSupport tasks, Work<I> work) {
      return new SayingTool<>(name, arguments, tasks, (_, _) -> "", work);
    }

    @Override
    public ToolSpec<I, Said> spec() {
      return new ToolSpec<>(
          name,
          name,
          "A fixture of the conformance suite.",
          arguments,
          Said.class,
          new ToolSpec.Hints(true, false, true, false));
    }

    @Override
    public void prepare(I given, ToolContext context) throws ToolException, InterruptedException {
      before.say(given, context);
    }

    @Override
    public Said call(I given, ToolContext context) throws ToolException, InterruptedException {
      return new Said(work.say(given, context));
    }

    @Override
    public Optional<String> text(Said result) {
      return Optional.of(result.said());
    }
  }
}
