package dev.qwenmcp.server.cli;

import dev.qwenmcp.server.model.ModelCatalog;
import dev.qwenmcp.server.model.ModelException;
import dev.qwenmcp.server.model.PulledModels;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Where models are found. */
final class ModelFlags {
  /** Folder of pulled models in the data folder. */
  static final String PULLED = "models";

  @Option(
      names = "--models-dir",
      paramLabel = "DIR",
      defaultValue = "${env:QWEN_MCP_MODELS}",
      description =
          "Folder whose GGUF files can be chosen by name (default: $QWEN_MCP_MODELS, if set).")
  private Path folder;

  @Option(
      names = "--pulled-dir",
      paramLabel = "DIR",
      defaultValue = "${env:QWEN_MCP_PULLED}",
      description =
          "Folder of the models that pull fetched (default: $QWEN_MCP_PULLED, or \"models\" in the"
              + " standard data folder).")
  private Path pulled;

  /** The models that a name may mean. */
  ModelCatalog catalog() throws ModelException {
    return ModelCatalog.of(folder).with(pulled());
  }

  /** The models that were pulled. */
  PulledModels pulled() {
    return new PulledModels(
        (pulled == null ? DataFolder.standard().resolve(PULLED) : pulled)
            .toAbsolutePath()
            .normalize());
  }
}
