package dev.qwenmcp.server.endpoint;

import dev.qwenmcp.server.protocol.Tool;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;

/** The MCP server over one pair of streams. */
public final class McpEndpoint {
  public McpEndpoint(List<Tool<?, ?>> tools) {
    throw new UnsupportedOperationException();
  }

  /**
   * Serves until the input ends and all running calls are answered (or a time limit passes).
   *
   * @param in JSON-RPC messages, one a line
   * @param out the only thing ever written here is protocol
   */
  public void serve(InputStream in, OutputStream out) {
    throw new UnsupportedOperationException();
  }
}
