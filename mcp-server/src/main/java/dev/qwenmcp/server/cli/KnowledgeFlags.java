package dev.qwenmcp.server.cli;

import dev.qwenmcp.engine.EngineOptions;
import dev.qwenmcp.server.knowledge.EmbeddingChoice;
import dev.qwenmcp.server.knowledge.KnowledgeLimits;
import dev.qwenmcp.server.knowledge.KnowledgeSettings;
import dev.qwenmcp.server.knowledge.Reranker;
import dev.qwenmcp.server.knowledge.qwen.QwenReranker;
import dev.qwenmcp.server.model.EngineRoom;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Where collections are kept, and by which models they are searched. */
final class KnowledgeFlags {
  /** Folder of collections in the data folder. */
  private static final String FOLDER = "knowledge";

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--collections",
      paramLabel = "PLACE",
      defaultValue = "${env:QWEN_MCP_COLLECTIONS}",
      description =
          "Where ingested documents are kept: \"memory\", where they end with the server (default:"
              + " $QWEN_MCP_COLLECTIONS, or the data folder).")
  private String place;

  @Option(
      names = "--embedding-model",
      paramLabel = "FILE",
      description = {
        "Model that compares meanings: a GGUF file of Qwen3-Embedding, or \"embedded\" for those that"
            + " come with the program.",
        "Collections with vectors by another get theirs made anew in the background (default: each"
            + " keeps what it has, new ones get the embedded)."
      })
  private String embeddingModel;

  @Option(
      names = "--rerank-model",
      paramLabel = "FILE",
      description =
          "GGUF file of Qwen3-Reranker, which reads the best passages of a search once more"
              + " (default: none).")
  private Path rerankModel;

  /**
   * Embedding models as chosen; nothing but headers is read yet.
   *
   * @throws CliException if the file is no such model
   */
  ServedEmbedding embedding(EngineOptions options, EngineRoom room) throws CliException {
    try {
      return new ServedEmbedding(Optional.ofNullable(embeddingModel), options, room);
    } catch (IOException e) {
      throw new CliException("--embedding-model: " + e.getMessage());
    }
  }

  /**
   * The reranking model, if one was chosen; nothing but its header is read yet.
   *
   * @throws CliException if the file is no such model
   */
  Optional<Reranker> reranker(EngineOptions options, EngineRoom room) throws CliException {
    if (rerankModel == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(new QwenReranker(rerankModel, options, room));
    } catch (IOException e) {
      throw new CliException("--rerank-model: " + e.getMessage());
    }
  }

  /**
   * How the knowledge base is kept.
   *
   * @param dataFolder for what outlives the server
   */
  KnowledgeSettings settings(Path dataFolder, EmbeddingChoice models, Optional<Reranker> reranker) {
    if (place != null && !place.equals(ContextFlags.MEMORY)) {
      throw new ParameterException(
          spec.commandLine(), "--collections: expected \"memory\" or nothing, got " + place);
    }
    KnowledgeSettings settings =
        place == null
            ? KnowledgeSettings.in(dataFolder.resolve(FOLDER), models)
            : KnowledgeSettings.inMemory(KnowledgeLimits.DEFAULT, models);
    return settings.withReranker(reranker);
  }

  /** Collections of a data folder, each searched by the models that it has its vectors by. */
  static KnowledgeSettings settings(Path dataFolder, EmbeddingChoice models) {
    return KnowledgeSettings.in(dataFolder.resolve(FOLDER), models);
  }

  /** Whether collections end with the process. */
  boolean inMemory() {
    return ContextFlags.MEMORY.equals(place);
  }
}
