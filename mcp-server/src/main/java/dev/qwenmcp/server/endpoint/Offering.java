package dev.qwenmcp.server.endpoint;

import dev.qwenmcp.server.protocol.Completions;
import dev.qwenmcp.server.protocol.Prompts;
import dev.qwenmcp.server.protocol.Resources;
import dev.qwenmcp.server.protocol.Tool;
import java.util.List;

/**
 * What an {@link McpService} has for its clients.
 *
 * @param tools that models call
 * @param resources that clients read and watch
 * @param prompts that people choose
 * @param completions of what people fill in
 */
public record Offering(
    List<? extends Tool<?, ?>> tools,
    Resources resources,
    Prompts prompts,
    Completions completions) {
  public Offering {
    tools = List.copyOf(tools);
  }
}
