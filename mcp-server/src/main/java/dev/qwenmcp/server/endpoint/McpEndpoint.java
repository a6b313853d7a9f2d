package dev.qwenmcp.server.endpoint;

import dev.qwenmcp.server.protocol.Prompts;
import dev.qwenmcp.server.protocol.Resources;
import dev.qwenmcp.server.protocol.Tool;
import dev.qwenmcp.server.transport.RpcSession;
import dev.qwenmcp.server.transport.StdioTransport;
import dev.qwenmcp.server.transport.TransportLimits;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;

/** The MCP server over one pair of streams. */
public final class McpEndpoint {
  private final McpService service;

  public McpEndpoint(List<Tool<?, ?>> tools) {
    this(tools, Resources.NONE, EndpointSettings.standard(ProductVersion.current()));
  }

  /**
   * @throws IllegalArgumentException if a tool cannot be published
   */
  public McpEndpoint(
      List<? extends Tool<?, ?>> tools, Resources resources, EndpointSettings settings) {
    this(tools, resources, Prompts.NONE, settings);
  }

  /**
   * @throws IllegalArgumentException if a tool cannot be published
   */
  public McpEndpoint(
      List<? extends Tool<?, ?>> tools,
      Resources resources,
      Prompts prompts,
      EndpointSettings settings) {
    this(new McpService(tools, resources, prompts, settings));
  }

  /**
   * @param service stopped at the end
   */
  public McpEndpoint(McpService service) {
    this.service = service;
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
    TransportLimits limits = service.settings().limits();
    try (RpcSession session = service.openSession()) {
      boolean delivered =
          new StdioTransport(limits).serve(in, out, new BothEras(session, service.stateless()));
      return service.stop() && delivered;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
