package dev.qwenmcp.server.flow;

import dev.qwenmcp.server.flow.declaration.Flow;
import dev.qwenmcp.server.protocol.Doc;
import dev.qwenmcp.server.protocol.Tool;
import dev.qwenmcp.server.protocol.ToolContext;
import dev.qwenmcp.server.protocol.ToolSpec;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/** Lists the flows that can be run by name. */
final class ListFlows implements Tool<ListFlows.Arguments, ListFlows.Result> {
  private final FlowLibrary library;

  ListFlows(FlowLibrary library) {
    this.library = library;
  }

  public record Arguments(
      @Doc(
              value = "A context, handed back as it is; none is opened here",
              optional = true,
              maxSize = 100)
          String contextId) {}

  public record Result(
      @Doc(value = "The context given, if one was", optional = true) String contextId,
      @Doc("The flows") List<FlowView> flows,
      @Doc(value = "Files that hold no flow, with the reason", optional = true)
          List<String> problems) {}

  public record FlowView(
      @Doc("What run_flow gets as flow") String name,
      @Doc("For people") String title,
      @Doc("What it does") String description,
      @Doc("What it needs") List<InputView> inputs,
      @Doc("shipped, or the file it comes from") String source) {
    private static FlowView of(FlowEntry entry) {
      Flow flow = entry.flow();
      return new FlowView(
          flow.name(),
          flow.title(),
          flow.description(),
          flow.inputs().stream().map(InputView::of).toList(),
          entry.source());
    }
  }

  public record InputView(
      @Doc("Its name") String name,
      @Doc("Its type, as in JSON Schema") String type,
      @Doc("What it is") String description,
      @Doc("Whether it has to be given") boolean required,
      @Doc(value = "Its value where none is given", optional = true) JsonNode otherwise) {
    private static InputView of(Flow.Input input) {
      return new InputView(
          input.name(),
          input.type().name().toLowerCase(Locale.ROOT),
          input.description(),
          input.otherwise().isEmpty(),
          input.otherwise().orElse(null));
    }
  }

  @Override
  public ToolSpec<Arguments, Result> spec() {
    return new ToolSpec<>(
        "list_flows",
        "List flows",
        """
        Lists the flows that run_flow can run by name, with what each does and the inputs it \
        needs: those that come with the server, and the user's files.\
        """,
        Arguments.class,
        Result.class,
        new ToolSpec.Hints(true, false, true, false));
  }

  @Override
  public Result call(Arguments arguments, ToolContext call) {
    FlowLibrary.Contents contents = library.contents();
    return new Result(
        arguments.contextId(),
        contents.flows().values().stream().map(FlowView::of).toList(),
        contents.problems().isEmpty() ? null : contents.problems());
  }
}
