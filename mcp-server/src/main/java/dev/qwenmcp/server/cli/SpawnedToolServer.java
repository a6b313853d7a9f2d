package dev.qwenmcp.server.cli;

import dev.qwenmcp.server.bench.BenchException;
import dev.qwenmcp.server.bench.reuse.ToolServer;
import java.io.IOException;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** {@code serve} in a process of its own, asked line by line. */
final class SpawnedToolServer implements ToolServer {
  private final LineClient client;

  private SpawnedToolServer(LineClient client) {
    this.client = client;
  }

  /** Starts a server by its whole command line. */
  static SpawnedToolServer start(List<String> command) throws BenchException {
    try {
      return new SpawnedToolServer(new LineClient(command));
    } catch (IOException | CliException e) {
      throw new BenchException("the server does not start: " + e.getMessage(), e);
    }
  }

  @Override
  public Answer call(String tool, ObjectNode arguments) throws BenchException {
    try {
      LineClient.Timed timed = client.call(tool, arguments);
      return new Answer(timed.result(), timed.millis() / 1e3);
    } catch (IOException | CliException e) {
      throw new BenchException(e.getMessage(), e);
    }
  }

  @Override
  public void close() throws BenchException {
    try {
      client.close();
    } catch (IOException e) {
      throw new BenchException("the server does not end: " + e.getMessage(), e);
    }
  }
}
