package dev.qwenmcp.server.cli;

import dev.qwenmcp.server.endpoint.McpEndpoint;
import dev.qwenmcp.server.model.LazyModelHost;
import dev.qwenmcp.server.model.ModelException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code qwen-mcp serve}: the MCP server. */
@Command(
    name = "serve",
    description = {
      "Serve MCP over standard input and output, for an MCP client that starts this program.",
      "Ends when its input ends."
    })
final class ServeCommand implements Callable<Integer> {
  @Option(
      names = {"-m", "--model"},
      paramLabel = "MODEL",
      description =
          "Path or name of a model; may be repeated, the first answers where none is named"
              + " (default: the embedded one).")
  private List<String> model = List.of();

  @Mixin private ModelFlags models;
  @Mixin private EngineFlags engineFlags;

  @Override
  public Integer call() throws ModelException {
    try (LazyModelHost host =
        new LazyModelHost(models.catalog().startingWith(model), engineFlags.options())) {
      host.warmUp();
      throw new UnsupportedOperationException(McpEndpoint.class.getName());
    }
  }
}
