package dev.qwenmcp.server.endpoint;

import dev.qwenmcp.server.protocol.Doc;
import dev.qwenmcp.server.protocol.Tool;
import dev.qwenmcp.server.protocol.ToolContext;
import dev.qwenmcp.server.protocol.ToolSpec;
import java.util.List;

/** A tool of {@link Rehearsal} alone, with arguments and a result of the kinds that tools have. */
final class RehearsedTool implements Tool<RehearsedTool.Arguments, RehearsedTool.Result> {
  static final String NAME = "rehearse";

  /** What every call has some of. */
  public record Arguments(
      @Doc(value = "A text", minSize = 1, maxSize = 100) String text,
      @Doc(value = "A number", optional = true, min = 0, max = 100) Integer number) {}

  /** Values in a list, as in most results. */
  public record Result(
      @Doc("The text") String text,
      @Doc("The text again") List<Item> items,
      @Doc(value = "Nothing", optional = true) Integer nothing) {}

  /** One of a list. */
  public record Item(@Doc("Its place") int index, @Doc("The text") String text) {}

  @Override
  public ToolSpec<Arguments, Result> spec() {
    return new ToolSpec<>(
        NAME,
        "Rehearse",
        "Says what it is told.",
        Arguments.class,
        Result.class,
        new ToolSpec.Hints(true, false, true, false));
  }

  @Override
  public Result call(Arguments arguments, ToolContext context) {
    return new Result(arguments.text(), List.of(new Item(0, arguments.text())), null);
  }
}
