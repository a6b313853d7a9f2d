package dev.qwenmcp.server.cli;

import dev.qwenmcp.engine.EngineOptions;
import dev.qwenmcp.server.model.LazyModelHost;
import dev.qwenmcp.server.model.ModelCatalog;
import dev.qwenmcp.server.model.ModelException;
import dev.qwenmcp.server.model.ModelHost;
import dev.qwenmcp.server.remote.RemoteModel;
import dev.qwenmcp.server.remote.RemoteModelsFile;
import dev.qwenmcp.server.remote.RemoteSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The models of a server and what they share. */
final class ModelHostFlags {
  @Option(
      names = {"-m", "--model"},
      paramLabel = "MODEL",
      split = Settings.SEPARATOR,
      description =
          "Path or name of a model; may be repeated, the first answers where none is named"
              + " (default: the embedded one).")
  private List<String> model = List.of();

  @Option(
      names = "--remote-models",
      paramLabel = "FILE",
      defaultValue = "${env:QWEN_MCP_REMOTE_MODELS}",
      description =
          "JSON file of models behind OpenAI-compatible servers, see docs/how-to/models.md (default:"
              + " $QWEN_MCP_REMOTE_MODELS, if set).")
  private Path remoteModels;

  @Option(
      names = "--model-memory",
      paramLabel = "SIZE",
      converter = ByteSize.Converter.class,
      defaultValue = "0",
      description =
          "Memory for all loaded models together, such as 20G: weights, keys and values, working"
              + " memory. Idle models are unloaded where another needs theirs (default: what is"
              + " available at the start, less a sixteenth of the machine's memory).")
  private ByteSize modelMemory;

  @Mixin private ModelFlags models;

  /** The models, none of them loaded yet. */
  ModelHost open(EngineOptions options) throws ModelException, IOException {
    List<RemoteSettings> remote =
        remoteModels == null ? List.of() : RemoteModelsFile.read(remoteModels, System.getenv());
    Set<String> remoteNames = remote.stream().map(RemoteSettings::name).collect(Collectors.toSet());
    List<String> local = model.stream().filter(name -> !remoteNames.contains(name)).toList();
    ModelCatalog catalog = models.catalog().startingWith(local);
    String first =
        model.isEmpty() || !remoteNames.contains(model.getFirst())
            ? catalog.defaultModel().name()
            : model.getFirst();
    return new LazyModelHost(
        () -> models.catalog().startingWith(local),
        remote.stream().map(RemoteModel::new).toList(),
        first,
        options,
        new LazyModelHost.Sharing(modelMemory.bytes(), LazyModelHost.Sharing.DEFAULT.patience()));
  }
}
