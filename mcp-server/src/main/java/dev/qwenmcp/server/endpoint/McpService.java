package dev.qwenmcp.server.endpoint;

import dev.qwenmcp.server.protocol.Completions;
import dev.qwenmcp.server.protocol.Prompts;
import dev.qwenmcp.server.protocol.Resources;
import dev.qwenmcp.server.protocol.Tool;
import dev.qwenmcp.server.protocol.call.CallObserver;
import dev.qwenmcp.server.protocol.call.ToolRegistry;
import dev.qwenmcp.server.protocol.call.ToolRunner;
import dev.qwenmcp.server.protocol.legacy.LegacySessions;
import dev.qwenmcp.server.protocol.legacy.ServerCard;
import dev.qwenmcp.server.transport.RpcSession;
import dev.qwenmcp.server.transport.StatelessService;
import java.util.List;
import java.util.Optional;
import reactor.core.scheduler.Schedulers;

/** An MCP server without its transports: tools, resources and prompts, spoken to in any era. */
public final class McpService {
  private final EndpointSettings settings;
  private final ToolRunner runner;
  private final LegacySessions sessions;

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
   * @param observer sees every call of a tool
   * @throws IllegalArgumentException if a tool cannot be published: see {@link ToolRegistry}
   */
  public McpService(Offering offering, EndpointSettings settings, CallObserver observer) {
    this.settings = settings;
    this.runner = new ToolRunner(settings.concurrentCalls(), Schedulers.parallel(), observer);
    ServerCard card =
        new ServerCard(
            settings.name(), settings.title(), settings.version(), settings.instructions());
    this.sessions =
        new LegacySessions(
            card,
            new ToolRegistry(offering.tools()),
            runner,
            new LegacySessions.Offered(
                offering.resources(), offering.prompts(), offering.completions()),
            Schedulers.boundedElastic());
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
  public Optional<StatelessService> stateless() {
    return Optional.empty();
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
