package dev.qwenmcp.server.cli;

import dev.qwenmcp.engine.gguf.GgufFile;
import dev.qwenmcp.engine.gguf.GgufSummary;
import dev.qwenmcp.server.model.ModelException;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code qwen-mcp inspect FILE}: what a GGUF file holds. */
@Command(name = "inspect", description = "Print the metadata and tensors of a GGUF file.")
final class InspectCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "FILE",
      description = "Path or name of a model (default: the embedded one).")
  private String model;

  @Mixin private ModelFlags models;

  @Override
  public Integer call() throws IOException, ModelException {
    try (GgufFile file = models.catalog().resolve(model).open()) {
      GgufSummary.of(file).lines().forEach(spec.commandLine().getOut()::println);
    }
    return 0;
  }
}
