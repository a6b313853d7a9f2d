package dev.qwenmcp.server.cli;

import dev.qwenmcp.server.context.ContextStore;
import dev.qwenmcp.server.flow.FlowTools;
import dev.qwenmcp.server.flow.run.RunStore;
import dev.qwenmcp.server.knowledge.Embedders;
import dev.qwenmcp.server.knowledge.KnowledgeBase;
import dev.qwenmcp.server.knowledge.KnowledgeLimits;
import dev.qwenmcp.server.knowledge.LuceneKnowledgeBase;
import dev.qwenmcp.server.knowledge.onnx.EmbeddedModels;
import dev.qwenmcp.server.model.ModelHost;
import dev.qwenmcp.server.tool.ToolSet;
import java.nio.file.Path;
import java.util.Optional;

/** The server's tools inside of a command, without a client between. */
final class LocalTools implements AutoCloseable {
  private final ContextStore contexts;
  private final RunStore runs;
  private final Embedders embedders = EmbeddedModels.open();
  private final KnowledgeBase knowledge =
      new LuceneKnowledgeBase(KnowledgeLimits.DEFAULT, embedders);
  private final ModelHost host;
  private final FlowTools flows;

  /**
   * @param contexts where contexts are kept, closed with this
   * @param runs where runs are kept, closed with this
   * @param host of the models, closed with this
   * @param folder of the user's flows
   */
  LocalTools(ContextStore contexts, RunStore runs, ModelHost host, Optional<Path> folder) {
    this.contexts = contexts;
    this.runs = runs;
    this.host = host;
    this.flows = new FlowTools(ToolSet.create(contexts, knowledge, host), runs, folder);
  }

  FlowTools flows() {
    return flows;
  }

  @Override
  public void close() {
    knowledge.close();
    embedders.close();
    runs.close();
    contexts.close();
    host.close();
  }
}
