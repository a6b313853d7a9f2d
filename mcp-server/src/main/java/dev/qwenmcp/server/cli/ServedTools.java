package dev.qwenmcp.server.cli;

import dev.qwenmcp.engine.EngineOptions;
import dev.qwenmcp.server.context.ContextException;
import dev.qwenmcp.server.context.ContextQuery;
import dev.qwenmcp.server.context.ContextStore;
import dev.qwenmcp.server.document.folder.DocumentFolders;
import dev.qwenmcp.server.document.reader.DocumentReader;
import dev.qwenmcp.server.document.reader.ParserLimits;
import dev.qwenmcp.server.endpoint.EndpointSettings;
import dev.qwenmcp.server.endpoint.Lasting;
import dev.qwenmcp.server.endpoint.McpService;
import dev.qwenmcp.server.endpoint.Offering;
import dev.qwenmcp.server.endpoint.ProductVersion;
import dev.qwenmcp.server.flow.FlowTools;
import dev.qwenmcp.server.flow.run.RunStore;
import dev.qwenmcp.server.job.JobSettings;
import dev.qwenmcp.server.job.JobStore;
import dev.qwenmcp.server.job.JobTools;
import dev.qwenmcp.server.job.Jobs;
import dev.qwenmcp.server.knowledge.KnowledgeBase;
import dev.qwenmcp.server.knowledge.LuceneKnowledgeBase;
import dev.qwenmcp.server.knowledge.Reranker;
import dev.qwenmcp.server.label.LabelSetLimits;
import dev.qwenmcp.server.label.LabelSets;
import dev.qwenmcp.server.label.sql.SqliteLabelSetStore;
import dev.qwenmcp.server.model.ModelHost;
import dev.qwenmcp.server.ops.Readiness;
import dev.qwenmcp.server.protocol.Resources;
import dev.qwenmcp.server.protocol.call.CallObserver;
import dev.qwenmcp.server.protocol.modern.StateKey;
import dev.qwenmcp.server.tool.ContextResources;
import dev.qwenmcp.server.tool.KnowledgeResources;
import dev.qwenmcp.server.tool.KnownNames;
import dev.qwenmcp.server.tool.ResourcesByScheme;
import dev.qwenmcp.server.tool.ToolSet;
import dev.qwenmcp.server.web.WebPage;
import dev.qwenmcp.server.web.WebSources;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a server's tools share, opened as its flags say, and the tools on top of it. */
final class ServedTools implements AutoCloseable {
  /** A principal without anything. */
  private static final String NOBODY = "";

  private static final long LEAST_ROOM = 64L << 20;

  private final Path data;
  private final ModelHost host;
  private final ContextStore contexts;
  private final ServedEmbedding embedding;
  private final Optional<Reranker> reranker;
  private final KnowledgeBase knowledge;
  private final DocumentFolders folders;
  private final LabelSets labels;
  private final RunStore runs;
  private final FlowTools flows;
  private final JobStore jobStore;

  /** Null until there is a server. */
  private Jobs jobs;

  private final StateKey stateKey;

  /**
   * @param options of the models
   * @param host of the models, closed with this
   * @throws IOException if something cannot be opened
   * @throws CliException if a flag names what is none
   */
  ServedTools(ServedFlags flags, EngineOptions options, ModelHost host)
      throws IOException, CliException {
    this.host = host;
    this.data = flags.contexts().dataFolder();
    InstantSource clock = InstantSource.system();
    this.contexts = flags.contexts().serving();
    this.embedding = flags.knowledge().embedding(options, host.room());
    this.reranker = flags.knowledge().reranker(options, host.room());
    this.knowledge = new LuceneKnowledgeBase(flags.knowledge().settings(data, embedding, reranker));
    this.folders =
        new DocumentFolders(
            knowledge, flags.roots(), new DocumentReader(ParserLimits.DEFAULT), clock);
    this.labels =
        new LabelSets(
            SqliteLabelSetStore.in(data, LabelSetLimits.DEFAULT, clock), embedding.embedded());
    this.runs = flags.contexts().runs();
    this.flows =
        new FlowTools(
            ToolSet.create(contexts, knowledge, folders, labels, host),
            runs,
            flags.contexts().flows());
    this.jobStore = flags.contexts().jobs();
    this.stateKey = flags.contexts().stateKey();
  }

  /**
   * The MCP server over them.
   *
   * @param observer sees every call
   * @param operations note the resources that are read
   */
  McpService service(
      EndpointSettings settings, CallObserver observer, ServedOperations operations) {
    jobs =
        new Jobs(
            jobStore, JobSettings.DEFAULT, InstantSource.system(), new SecureRandom(), observer);
    return new McpService(
        new Offering(
            new JobTools(flows.all(), jobs).all(),
            operations.audited(resources()),
            flows.prompts(),
            new KnownNames(contexts, knowledge, labels.store(), host, flows.prompts())),
        settings,
        observer,
        new Lasting(Optional.of(jobs), stateKey));
  }

  /** Begins with what their first calls would wait for, on threads of its own. */
  void prepare() {
    contexts.prepare();
  }

  /** Whether they can be given calls. */
  Readiness readiness() {
    return new Readiness(
        List.of(
            Readiness.defaultModel(host),
            Readiness.room("the data", data, LEAST_ROOM),
            Readiness.answers(
                "the store of contexts", () -> contexts.list(NOBODY, new ContextQuery("", "", 1)))),
        InstantSource.system());
  }

  /** How many contexts are open; NaN where that cannot be read. */
  double openContexts() {
    try {
      return contexts.count();
    } catch (ContextException e) {
      return Double.NaN;
    }
  }

  ModelHost models() {
    return host;
  }

  /** The page that shows them. */
  WebPage page() {
    return new WebPage(
        new WebSources(host, contexts, knowledge, runs, ProductVersion.current()),
        InstantSource.system());
  }

  private Resources resources() {
    return new ResourcesByScheme(
        Map.of(
            "context", new ContextResources(contexts),
            "knowledge", new KnowledgeResources(knowledge)));
  }

  @Override
  public void close() {
    if (jobs != null) {
      jobs.close(); // before what their tools use
    }
    jobStore.close();
    folders.close(); // before what it fills
    knowledge.close();
    runs.close();
    labels.close();
    embedding.close();
    reranker.ifPresent(Reranker::close);
    contexts.close();
    host.close();
  }
}
