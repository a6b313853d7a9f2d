package dev.qwenmcp.server.cli;

import dev.qwenmcp.server.model.ModelCatalog;
import dev.qwenmcp.server.model.ModelException;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Where models are found. */
final class ModelFlags {
  @Option(
      names = "--models-dir",
      paramLabel = "DIR",
      defaultValue = "${env:QWEN_MCP_MODELS}",
      description =
          "Folder whose GGUF files can be chosen by name (default: $QWEN_MCP_MODELS, if set).")
  private Path folder;

  /** The models that a name may mean. */
  ModelCatalog catalog() throws ModelException {
    return ModelCatalog.of(folder);
  }
}
