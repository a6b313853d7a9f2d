package dev.qwenmcp.server.protocol.legacy;

import dev.qwenmcp.server.protocol.Prompts;
import dev.qwenmcp.server.protocol.Resources;
import dev.qwenmcp.server.protocol.ServerCard;
import dev.qwenmcp.server.protocol.call.ToolRegistry;
import dev.qwenmcp.server.protocol.call.ToolRunner;
import java.util.List;
import reactor.core.scheduler.Scheduler;

/** Opens sessions of MCP 2024-11-05 to 2025-11-25, which share all but what a client has said. */
public final class LegacySessions {
  private final SdkTools tools;
  private final SessionTransport transport;
  private final Resources resources;
  private final Prompts prompts;
  private final Scheduler threads;

  /**
   * @param resources what clients can read and watch besides
   * @param prompts what people can choose in their client
   * @param threads where resources and prompts are read
   */
  public LegacySessions(
      ServerCard card,
      ToolRegistry registry,
      ToolRunner runner,
      Resources resources,
      Prompts prompts,
      Scheduler threads) {
    this.tools = new SdkTools(registry, runner);
    this.transport = SessionTransport.of(card, tools);
    this.resources = resources;
    this.prompts = prompts;
    this.threads = threads;
  }

  /** The revisions of MCP that these sessions speak, oldest first. */
  public static List<String> versions() {
    return SessionTransport.VERSIONS;
  }

  /** A session for one client. */
  public LegacySession open() {
    return new LegacySession(
        transport.open(),
        tools,
        new ResourceMethods(resources, threads),
        new PromptMethods(prompts, threads));
  }
}
