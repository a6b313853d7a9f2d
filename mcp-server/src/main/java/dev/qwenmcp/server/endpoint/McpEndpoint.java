package dev.qwenmcp.server.endpoint;

import dev.qwenmcp.server.protocol.Prompts;
import dev.qwenmcp.server.protocol.Resources;
import dev.qwenmcp.server.protocol.ServerCard;
import dev.qwenmcp.server.protocol.Tool;
import dev.qwenmcp.server.protocol.call.CallObserver;
import dev.qwenmcp.server.protocol.call.LongResults;
import dev.qwenmcp.server.protocol.call.ToolRegistry;
import dev.qwenmcp.server.protocol.call.ToolRunner;
import dev.qwenmcp.server.protocol.legacy.LegacySession;
import dev.qwenmcp.server.protocol.modern.ModernService;
import dev.qwenmcp.server.transport.StdioTransport;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.InstantSource;
import java.util.List;
import reactor.core.scheduler.Schedulers;

/** The MCP server over one pair of streams. */
public final class McpEndpoint {
  private final ToolRegistry registry;
  private final Resources resources;
  private final Prompts prompts;
  private final EndpointSettings settings;
  private final Lasting lasting;
  private final LongResults longResults = LongResults.standard();

  public McpEndpoint(List<Tool<?, ?>> tools) {
    this(tools, Resources.NONE, EndpointSettings.standard(ProductVersion.current()));
  }

  /**
   * @throws IllegalArgumentException if a tool cannot be published: see {@link ToolRegistry}
   */
  public McpEndpoint(
      List<? extends Tool<?, ?>> tools, Resources resources, EndpointSettings settings) {
    this(tools, resources, Prompts.NONE, settings);
  }

  /**
   * @throws IllegalArgumentException if a tool cannot be published: see {@link ToolRegistry}
   */
  public McpEndpoint(
      List<? extends Tool<?, ?>> tools,
      Resources resources,
      Prompts prompts,
      EndpointSettings settings) {
    this(tools, resources, prompts, settings, Lasting.none());
  }

  /**
   * @param lasting what outlives requests
   * @throws IllegalArgumentException if a tool cannot be published: see {@link ToolRegistry}
   */
  public McpEndpoint(
      List<? extends Tool<?, ?>> tools,
      Resources resources,
      Prompts prompts,
      EndpointSettings settings,
      Lasting lasting) {
    this.registry = new ToolRegistry(tools);
    this.resources = longResults.beside(resources);
    this.prompts = prompts;
    this.settings = settings;
    this.lasting = lasting;
  }

  /**
   * Serves until the input ends and all running calls are answered (or a time limit passes), or
   * until the client closes the output.
   *
   * @param in JSON-RPC messages, one a line
   * @param out the only thing ever written here is protocol
   * @return whether all answers were delivered and every call has stopped; if not, some tool's
   *     thread may still be using what the tools share
   */
  public boolean serve(InputStream in, OutputStream out) {
    ToolRunner runner =
        new ToolRunner(
            settings.concurrentCalls(), Schedulers.parallel(), CallObserver.NONE, longResults);
    ServerCard card =
        new ServerCard(
            settings.name(), settings.title(), settings.version(), settings.instructions());
    try (LegacySession session =
        new LegacySession(
            card, registry, runner, resources, prompts, Schedulers.boundedElastic())) {
      ModernService stateless =
          new ModernService(
              card,
              new ModernService.Offer(registry, runner, resources, prompts, lasting.jobs()),
              lasting.stateKey(),
              InstantSource.system(),
              Schedulers.boundedElastic());
      boolean delivered =
          new StdioTransport(settings.limits()).serve(in, out, new BothEras(session, stateless));
      return runner.close(settings.limits().grace()) == 0 && delivered;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
