package dev.qwenmcp.server.conformance;

import dev.qwenmcp.server.protocol.Content;
import dev.qwenmcp.server.protocol.Tool;
import dev.qwenmcp.server.protocol.ToolContext;
import dev.qwenmcp.server.protocol.ToolException;
import dev.qwenmcp.server.protocol.ToolSpec;
import java.util.List;
import java.util.Optional;

/** A tool whose result is a text, with pictures and the like beside it. */
final class FixtureTool<I extends Record> implements Tool<I, FixtureTool.Said> {
  private static final ToolSpec.Hints HARMLESS = new ToolSpec.Hints(true, false, true, false);

  private final String name;
  private final Class<I> arguments;
  private final List<Content> contents;
  private final Work<I> work;

  record Nothing() {}

  record Said(String text) {}

  /** What the tool does. */
  interface Work<I> {
    String answer(I arguments, ToolContext call) throws ToolException, InterruptedException;
  }

  FixtureTool(String name, Class<I> arguments, List<Content> contents, Work<I> work) {
    this.name = name;
    this.arguments = arguments;
    this.contents = List.copyOf(contents);
    this.work = work;
  }

  static FixtureTool<Nothing> showing(String name, String text, Content... contents) {
    return new FixtureTool<>(name, Nothing.class, List.of(contents), (nothing, call) -> text);
  }

  static FixtureTool<Nothing> doing(String name, Work<Nothing> work) {
    return new FixtureTool<>(name, Nothing.class, List.of(), work);
  }

  @Override
  public ToolSpec<I, Said> spec() {
    return new ToolSpec<>(
        name, name, "A fixture of the conformance suite.", arguments, Said.class, HARMLESS);
  }

  @Override
  public Said call(I given, ToolContext call) throws ToolException, InterruptedException {
    return new Said(work.answer(given, call));
  }

  @Override
  public Optional<String> text(Said result) {
    return Optional.of(result.text());
  }

  @Override
  public List<Content> contents(Said result) {
    return contents;
  }
}
