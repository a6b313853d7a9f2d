package dev.qwenmcp.server.cli;

import dev.qwenmcp.server.knowledge.EmbeddingChoice;
import dev.qwenmcp.server.knowledge.Embedders;
import dev.qwenmcp.server.knowledge.KnowledgeLimits;
import dev.qwenmcp.server.knowledge.KnowledgeSettings;
import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Where collections are kept. */
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

  /**
   * How the knowledge base is kept.
   *
   * @param dataFolder for what outlives the server
   */
  KnowledgeSettings settings(Path dataFolder, Embedders embedders) {
    if (place == null) {
      return KnowledgeSettings.in(dataFolder.resolve(FOLDER), EmbeddingChoice.of(embedders));
    }
    if (!place.equals(ContextFlags.MEMORY)) {
      throw new ParameterException(
          spec.commandLine(), "--collections: expected \"memory\" or nothing, got " + place);
    }
    return KnowledgeSettings.inMemory(KnowledgeLimits.DEFAULT, embedders);
  }
}
