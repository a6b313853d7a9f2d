package dev.qwenmcp.server.protocol.legacy;

import dev.qwenmcp.server.protocol.Completions;
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
  private final Offered offered;
  private final Scheduler threads;

  /**
   * What clients find besides tools.
   *
   * @param resources to read and watch
   * @param prompts that people can choose
   * @param completions of what they fill in
   */
  public record Offered(Resources resources, Prompts prompts, Completions completions) {}

  /**
   * @param threads where resources, prompts and completions are read
   */
  public LegacySessions(
      ServerCard card,
      ToolRegistry registry,
      ToolRunner runner,
      Offered offered,
      Scheduler threads) {
    this.tools = new SdkTools(registry, runner);
    this.transport = SessionTransport.of(card, tools);
    this.offered = offered;
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
        new ResourceMethods(offered.resources(), threads),
        new PromptMethods(offered.prompts(), threads),
        new CompletionMethod(offered.completions(), threads));
  }
}
