package dev.qwenmcp.server.cli;

import dev.qwenmcp.engine.EngineOptions;
import dev.qwenmcp.server.context.ContextStore;
import dev.qwenmcp.server.document.folder.AllowedRoots;
import dev.qwenmcp.server.document.folder.DocumentFolders;
import dev.qwenmcp.server.document.reader.DocumentReader;
import dev.qwenmcp.server.document.reader.ParserLimits;
import dev.qwenmcp.server.flow.FlowTools;
import dev.qwenmcp.server.flow.run.RunStore;
import dev.qwenmcp.server.knowledge.KnowledgeBase;
import dev.qwenmcp.server.knowledge.KnowledgeLimits;
import dev.qwenmcp.server.knowledge.KnowledgeSettings;
import dev.qwenmcp.server.knowledge.LuceneKnowledgeBase;
import dev.qwenmcp.server.label.LabelSetLimits;
import dev.qwenmcp.server.label.LabelSets;
import dev.qwenmcp.server.label.sql.SqliteLabelSetStore;
import dev.qwenmcp.server.model.ModelHost;
import dev.qwenmcp.server.tool.ToolSet;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;

/** The server's tools inside of a command, without a client between. */
final class LocalTools implements AutoCloseable {
  private final Stores stores;
  private final ServedEmbedding embedding;
  private final KnowledgeBase knowledge;
  private final DocumentFolders folders;
  private final LabelSets labels;
  private final ModelHost host;
  private final FlowTools flows;

  /**
   * Where what tools share is kept.
   *
   * @param contexts closed with the tools
   * @param runs closed with the tools
   * @param data folder of collections and label sets, the one of servers; empty for memory
   * @param roots below which files may be read
   */
  record Stores(ContextStore contexts, RunStore runs, Optional<Path> data, AllowedRoots roots) {}

  /**
   * @param host of the models, closed with this
   * @param ownFlows folder of the user's flows
   * @throws IOException if an embedding model cannot be read
   */
  LocalTools(Stores stores, ModelHost host, Optional<Path> ownFlows) throws IOException {
    this.embedding = new ServedEmbedding(Optional.empty(), EngineOptions.DEFAULT, host.room());
    this.stores = stores;
    this.host = host;
    InstantSource clock = InstantSource.system();
    this.knowledge =
        new LuceneKnowledgeBase(
            stores
                .data()
                .map(folder -> KnowledgeFlags.settings(folder, embedding))
                .orElseGet(() -> KnowledgeSettings.inMemory(KnowledgeLimits.DEFAULT, embedding)));
    this.folders =
        new DocumentFolders(
            knowledge, stores.roots(), new DocumentReader(ParserLimits.DEFAULT), clock);
    this.labels =
        new LabelSets(
            stores
                .data()
                .map(folder -> SqliteLabelSetStore.in(folder, LabelSetLimits.DEFAULT, clock))
                .orElseGet(() -> SqliteLabelSetStore.inMemory(LabelSetLimits.DEFAULT, clock)),
            embedding.embedded());
    this.flows =
        new FlowTools(
            ToolSet.create(stores.contexts(), knowledge, folders, labels, host),
            stores.runs(),
            ownFlows);
  }

  FlowTools flows() {
    return flows;
  }

  @Override
  public void close() {
    folders.close(); // before what it fills
    knowledge.close();
    labels.close();
    embedding.close();
    stores.runs().close();
    stores.contexts().close();
    host.close();
  }
}
