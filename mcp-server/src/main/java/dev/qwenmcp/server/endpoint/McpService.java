package dev.qwenmcp.server.endpoint;

import dev.qwenmcp.server.protocol.Completions;
import dev.qwenmcp.server.protocol.Prompts;
import dev.qwenmcp.server.protocol.Resources;
import dev.qwenmcp.server.protocol.ServerCard;
import dev.qwenmcp.server.protocol.Tool;
import dev.qwenmcp.server.protocol.call.CallObserver;
import dev.qwenmcp.server.protocol.call.LongResults;
import dev.qwenmcp.server.protocol.call.ToolRegistry;
import dev.qwenmcp.server.protocol.call.ToolRunner;
import dev.qwenmcp.server.protocol.legacy.LegacySessions;
import dev.qwenmcp.server.protocol.modern.ModernService;
import dev.qwenmcp.server.transport.RpcSession;
import dev.qwenmcp.server.transport.StatelessService;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import reactor.core.scheduler.Schedulers;

/** An MCP server without its transports: tools, resources and prompts, spoken to in any era. */
public final class McpService {
  private final EndpointSettings settings;
  private final ToolRunner runner;
  private final ToolRegistry registry;
  private final LegacySessions sessions;
  private final ModernService stateless;

  /**
   * A server whose calls nobody observes.
   *
   * @throws IllegalArgumentException if a tool cannot be published: see {@link ToolRegistry}
   */
  public McpService(
      List<? extends Tool<?, ?>> tools,
      Resources resources,
      Prompts prompts,
      EndpointSettings settings) {
    this(new Offering(tools, resources, prompts, Completions.NONE), settings, CallObserver.NONE);
  }

  /**
   * A server whose calls do not go on without their clients.
   *
   * @param observer sees every call of a tool
   * @throws IllegalArgumentException if a tool cannot be published: see {@link ToolRegistry}
   */
  public McpService(Offering offering, EndpointSettings settings, CallObserver observer) {
    this(offering, settings, observer, Lasting.none());
  }

  /**
   * @param observer sees every call of a tool
   * @param lasting what outlives requests
   * @throws IllegalArgumentException if a tool cannot be published: see {@link ToolRegistry}
   */
  public McpService(
      Offering offering, EndpointSettings settings, CallObserver observer, Lasting lasting) {
    this.settings = settings;
    LongResults longResults =
        new LongResults(settings.resultCharacters(), InstantSource.system(), new SecureRandom());
    this.runner = new ToolRunner(settings.calls(), Schedulers.parallel(), observer, longResults);
    ServerCard card =
        new ServerCard(
            settings.name(), settings.title(), settings.version(), settings.instructions());
    this.registry = new ToolRegistry(offering.tools());
    Resources resources = longResults.beside(offering.resources());
    this.sessions =
        new LegacySessions(
            card,
            registry,
            runner,
            new LegacySessions.Offered(resources, offering.prompts(), offering.completions()),
            Schedulers.boundedElastic());
    this.stateless =
        new ModernService(
            card,
            new ModernService.Offer(
                registry,
                runner,
                resources,
                offering.prompts(),
                offering.completions(),
                lasting.jobs()),
            lasting.stateKey(),
            InstantSource.system(),
            Schedulers.boundedElastic());
  }

  /** Does what the first calls would have to do, which takes some hundred milliseconds. */
  public void prepare() {
    registry.prepareChecks();
  }

  EndpointSettings settings() {
    return settings;
  }

  /** A session of MCP 2024-11-05 to 2025-11-25 for one client. */
  public RpcSession openSession() {
    return sessions.open();
  }

  /** The revisions that sessions speak. */
  public List<String> sessionVersions() {
    return LegacySessions.versions();
  }

  /** What answers MCP 2026-07-28 and later. */
  public StatelessService stateless() {
    return stateless;
  }

  /**
   * Takes no more calls and waits for those that run.
   *
   * @return whether all have stopped in time; if not, some tool's thread may still be using what
   *     the tools share
   */
  public boolean stop() throws InterruptedException {
    return runner.close(settings.limits().grace()) == 0;
  }
}
