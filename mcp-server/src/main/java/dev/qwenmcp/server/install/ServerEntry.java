package dev.qwenmcp.server.install;

import java.util.List;

/** How a client reaches the server. */
public sealed interface ServerEntry {

  /**
   * The client starts it.
   *
   * @param command words of the command line, the program's absolute path first
   */
  record Stdio(List<String> command) implements ServerEntry {
    public Stdio {
      command = List.copyOf(command);
    }
  }

  /**
   * It runs already.
   *
   * @param url of its MCP endpoint
   */
  record Http(String url) implements ServerEntry {}
}
