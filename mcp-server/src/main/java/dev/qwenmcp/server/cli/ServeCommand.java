package dev.qwenmcp.server.cli;

import dev.qwenmcp.engine.EngineOptions;
import dev.qwenmcp.server.endpoint.EndpointSettings;
import dev.qwenmcp.server.endpoint.HttpEndpoint;
import dev.qwenmcp.server.endpoint.McpEndpoint;
import dev.qwenmcp.server.endpoint.McpService;
import dev.qwenmcp.server.endpoint.ProductVersion;
import dev.qwenmcp.server.endpoint.Rehearsal;
import dev.qwenmcp.server.model.ModelException;
import dev.qwenmcp.server.model.ModelHost;
import dev.qwenmcp.server.protocol.call.CallLimits;
import dev.qwenmcp.server.protocol.call.CallObserver;
import dev.qwenmcp.server.transport.StdioStreams;
import dev.qwenmcp.server.transport.http.HttpPart;
import dev.qwenmcp.server.transport.http.HttpSettings;
import dev.qwenmcp.server.web.WebPage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code qwen-mcp serve}: the MCP server. */
@Command(
    name = "serve",
    description = {
      "Serve MCP over standard input and output, for an MCP client that starts this program, or over"
          + " HTTP.",
      "Over standard input it ends when its input ends, once running calls are answered."
    })
final class ServeCommand implements Callable<Integer> {
  /**
   * The default model is loaded, and the tools' schemas are read, so long after the rehearsal, so
   * that the first answers have the processors to themselves, however slow these are; a call that
   * needs them earlier does it.
   */
  private static final long WARM_UP_MILLIS = 1_000;

  @Spec private CommandSpec spec;
  @Mixin private HttpFlags httpFlags;
  @Mixin private SecurityFlags securityFlags;
  @Mixin private OperationsFlags operationsFlags;
  @Mixin private ContextFlags contextFlags;
  @Mixin private ModelHostFlags models;
  @Mixin private EngineFlags engineFlags;
  @Mixin private ServingFlags servingFlags;
  @Mixin private KnowledgeFlags knowledgeFlags;
  @Mixin private FolderFlags folderFlags;

  @Override
  public Integer call() throws IOException, ModelException, CliException {
    EndpointSettings settings =
        EndpointSettings.standard(ProductVersion.current())
            .withCalls(CallLimits.running(servingFlags.concurrentCalls()));
    CompletableFuture<Void> rehearsal = Rehearsal.begin(settings);
    EngineOptions options = servingFlags.applyTo(engineFlags.options(), contextFlags.dataFolder());
    Optional<HttpSettings> http = httpFlags.settings();
    Optional<HttpProtection> protection =
        http.isPresent()
            ? Optional.of(HttpProtection.of(securityFlags, http.get(), contextFlags.dataFolder()))
            : Optional.empty();
    ServedOperations operations = new ServedOperations(operationsFlags, http.isPresent());
    ModelHost host = models.open(options);
    ServedFlags flags = new ServedFlags(contextFlags, knowledgeFlags, folderFlags.roots());
    StdioStreams streams = StdioStreams.take(); // before native code is loaded
    ServedTools tools = new ServedTools(flags, options, host);
    Optional<WebPage> page = http.map(_ -> tools.page());
    CallObserver observer =
        page.map(shown -> CallObserver.all(List.of(operations.observer(), shown.observer())))
            .orElseGet(operations::observer);
    McpService service = tools.service(settings, observer, operations);
    rehearsal.thenRun(() -> {
      tools.prepare();
      CompletableFuture.delayedExecutor(WARM_UP_MILLIS, TimeUnit.MILLISECONDS)
          .execute(() -> {
            host.warmUp();
            service.prepare();
          });
    });
    // Where a call has not stopped, a tool may still be using what it was given: the end of the
    // process closes it.
    boolean quiet =
        protection.isPresent()
            ? overHttp(service, protection.get(), operations, page.orElseThrow(), tools)
            : overStreams(service, streams, tools);
    operations.close();
    return quiet ? ExitCode.OK : ExitCode.SOFTWARE;
  }

  private static boolean overStreams(McpService service, StdioStreams streams, ServedTools tools) {
    boolean quiet = new McpEndpoint(service).serve(streams.in(), streams.out());
    if (quiet) {
      tools.close();
    }
    return quiet;
  }

  private boolean overHttp(
      McpService service,
      HttpProtection protection,
      ServedOperations operations,
      WebPage page,
      ServedTools tools)
      throws IOException {
    AtomicReference<HttpEndpoint> served = new AtomicReference<>();
    List<HttpPart> parts = new ArrayList<>(protection.parts(operations.refusals()));
    parts.addAll(page.parts());
    parts.addAll(operations.parts(tools, () -> served.get().openSessions()));
    HttpEndpoint endpoint =
        new HttpEndpoint(service, protection.settings(), protection.sessionLimits(), parts);
    served.set(endpoint);
    protection.warning().ifPresent(warning -> say("warning: " + warning));
    say(protection.admits());
    return new HttpServing(endpoint, spec.commandLine().getErr()).serve(tools::close);
  }

  private void say(String line) {
    spec.commandLine().getErr().println("qwen-mcp: " + line);
    spec.commandLine().getErr().flush();
  }
}
