package dev.qwenmcp.server.cli;

import dev.qwenmcp.engine.EngineOptions;
import dev.qwenmcp.server.context.ContextStore;
import dev.qwenmcp.server.document.folder.AllowedRoots;
import dev.qwenmcp.server.document.folder.DocumentFolders;
import dev.qwenmcp.server.document.reader.DocumentReader;
import dev.qwenmcp.server.document.reader.ParserLimits;
import dev.qwenmcp.server.endpoint.EndpointSettings;
import dev.qwenmcp.server.endpoint.Lasting;
import dev.qwenmcp.server.endpoint.McpEndpoint;
import dev.qwenmcp.server.endpoint.ProductVersion;
import dev.qwenmcp.server.flow.FlowTools;
import dev.qwenmcp.server.flow.run.RunStore;
import dev.qwenmcp.server.job.JobSettings;
import dev.qwenmcp.server.job.JobTools;
import dev.qwenmcp.server.job.Jobs;
import dev.qwenmcp.server.knowledge.KnowledgeBase;
import dev.qwenmcp.server.knowledge.LuceneKnowledgeBase;
import dev.qwenmcp.server.knowledge.Reranker;
import dev.qwenmcp.server.label.LabelSetLimits;
import dev.qwenmcp.server.label.LabelSets;
import dev.qwenmcp.server.label.sql.SqliteLabelSetStore;
import dev.qwenmcp.server.model.ModelException;
import dev.qwenmcp.server.model.ModelHost;
import dev.qwenmcp.server.protocol.call.CallObserver;
import dev.qwenmcp.server.tool.ContextResources;
import dev.qwenmcp.server.tool.KnowledgeResources;
import dev.qwenmcp.server.tool.ResourcesByScheme;
import dev.qwenmcp.server.tool.ToolSet;
import dev.qwenmcp.server.transport.StdioStreams;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;

/** {@code qwen-mcp serve}: the MCP server. */
@Command(
    name = "serve",
    description = {
      "Serve MCP over standard input and output, for an MCP client that starts this program.",
      "Ends when its input ends, once running calls are answered."
    })
final class ServeCommand implements Callable<Integer> {
  @Mixin private ContextFlags contextFlags;
  @Mixin private ModelHostFlags models;
  @Mixin private EngineFlags engineFlags;
  @Mixin private ServingFlags servingFlags;
  @Mixin private KnowledgeFlags knowledgeFlags;
  @Mixin private FolderFlags folderFlags;

  @Override
  public Integer call() throws IOException, ModelException, CliException {
    EngineOptions options = servingFlags.applyTo(engineFlags.options(), contextFlags.dataFolder());
    ModelHost host = models.open(options);
    AllowedRoots roots = folderFlags.roots();
    StdioStreams streams = StdioStreams.take(); // before native code is loaded
    ContextStore contexts = contextFlags.serving();
    ServedEmbedding embedding = knowledgeFlags.embedding(options);
    Optional<Reranker> reranker = knowledgeFlags.reranker(options);
    KnowledgeBase knowledge =
        new LuceneKnowledgeBase(
            knowledgeFlags.settings(contextFlags.dataFolder(), embedding, reranker));
    DocumentFolders folders =
        new DocumentFolders(
            knowledge, roots, new DocumentReader(ParserLimits.DEFAULT), InstantSource.system());
    LabelSets labels =
        new LabelSets(
            SqliteLabelSetStore.in(
                contextFlags.dataFolder(), LabelSetLimits.DEFAULT, InstantSource.system()),
            embedding.embedded());
    RunStore runs = contextFlags.runs();
    FlowTools flows =
        new FlowTools(
            ToolSet.create(contexts, knowledge, folders, labels, host), runs, contextFlags.flows());
    Jobs jobs =
        new Jobs(
            contextFlags.jobs(),
            JobSettings.DEFAULT,
            InstantSource.system(),
            new SecureRandom(),
            CallObserver.NONE);
    host.warmUp();
    boolean quiet =
        new McpEndpoint(
                new JobTools(flows.all(), jobs).all(),
                new ResourcesByScheme(
                    Map.of(
                        "context", new ContextResources(contexts),
                        "knowledge", new KnowledgeResources(knowledge))),
                flows.prompts(),
                EndpointSettings.standard(ProductVersion.current())
                    .withConcurrentCalls(servingFlags.concurrentCalls()),
                new Lasting(Optional.of(jobs), contextFlags.stateKey()))
            .serve(streams.in(), streams.out());
    jobs.close(); // before what their tools use
    if (!quiet) {
      // A tool may still be using what it was given: the end of the process closes it.
      return ExitCode.SOFTWARE;
    }
    folders.close(); // before what it fills
    knowledge.close();
    runs.close();
    labels.close();
    embedding.close();
    reranker.ifPresent(Reranker::close);
    contexts.close();
    host.close();
    return ExitCode.OK;
  }
}
