package dev.qwenmcp.server.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code serve --http} in a process of its own. */
final class SpawnedHttpServer implements AutoCloseable {
  private static final Pattern URL = Pattern.compile("Serving MCP at (http://\\S+) ");
  private static final int PATIENCE_SECONDS = 20;

  private final Process process;
  private final URI uri;

  /**
   * Starts a server at a free port.
   *
   * @param serve command line of {@code serve} without {@code --http}
   * @throws CliException if it ends at once
   */
  SpawnedHttpServer(List<String> serve) throws IOException, CliException {
    List<String> command = new ArrayList<>(serve);
    command.addAll(List.of("--http", "0"));
    process = new ProcessBuilder(command).start();
    BufferedReader said = process.errorReader();
    this.uri = uri(said);
    Thread.ofVirtual().start(() -> said.lines().forEach(System.err::println));
  }

  private static URI uri(BufferedReader said) throws IOException, CliException {
    for (String line = said.readLine(); line != null; line = said.readLine()) {
      Matcher url = URL.matcher(line);
      if (url.find()) {
        return URI.create(url.group(1));
      }
      System.err.println(line);
    }
    throw new CliException("the server ended before it served");
  }

  /** Where it serves Streamable HTTP. */
  URI uri() {
    return uri;
  }

  @Override
  public void close() {
    process.toHandle().destroy();
    try {
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroyForcibly();
    }
  }
}
