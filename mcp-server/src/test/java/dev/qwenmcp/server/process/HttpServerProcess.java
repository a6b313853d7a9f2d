package dev.qwenmcp.server.process;

import dev.qwenmcp.server.cli.Main;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code serve --http} as a process of its own, on a port of its choice. */
final class HttpServerProcess implements AutoCloseable {
  private static final Pattern URL = Pattern.compile("Serving MCP at (http://\\S+/mcp)");
  private static final int TERMINATED = 128 + 15;
  private static final long PATIENCE_SECONDS = 60;
  private static final long PAUSE_MILLIS = 20;

  private final Process process;
  private final Path log;
  private final URI url;

  /**
   * Starts a server and waits until it says where it serves.
   *
   * @param data folder
   * @param log of what it says on standard error
   * @param virtualMachine options of Java
   * @param options of {@code serve}
   */
  HttpServerProcess(Path data, Path log, List<String> virtualMachine, List<String> options)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(ServerProcess.java("java"));
    command.add("--enable-native-access=ALL-UNNAMED");
    command.addAll(virtualMachine);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.addAll(List.of("serve", "--http", "0", "--data-dir", data.toString()));
    command.addAll(options);
    ProcessBuilder builder = new ProcessBuilder(command);
    // Arenas of malloc for each thread would make the memory depend on how threads meet.
    builder.environment().put("MALLOC_ARENA_MAX", "1");
    this.log = log;
    process = builder.redirectError(log.toFile()).start();
    try {
      url = awaitUrl();
    } catch (IOException | InterruptedException | RuntimeException | Error e) {
      process.destroyForcibly();
      throw e;
    }
  }

  private URI awaitUrl() throws IOException, InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (process.isAlive() && System.nanoTime() < deadline) {
      Matcher said = URL.matcher(log());
      if (said.find()) {
        return URI.create(said.group(1));
      }
      Thread.sleep(PAUSE_MILLIS);
    }
    throw new AssertionError("the server does not say where it serves: " + log());
  }

  URI url() {
    return url;
  }

  long pid() {
    return process.pid();
  }

  String log() throws IOException {
    return Files.readString(log);
  }

  /** What it has written to standard output; waits for its end. */
  String output() throws IOException {
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  /** Tells it to stop; whether it did so by itself, in time. */
  boolean end() throws InterruptedException {
    process.toHandle().destroy(); // SIGTERM; the other destroy() closes the streams, too
    return process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) && process.exitValue() == TERMINATED;
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
