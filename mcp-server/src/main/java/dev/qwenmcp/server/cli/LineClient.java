package dev.qwenmcp.server.cli;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A client of as little as possible: one request at a time, so that what is measured is the server.
 */
final class LineClient implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final int BUFFER_BYTES = 1 << 16;
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Duration patience;
  private final Process server;
  private final OutputStream toServer;
  private final InputStream fromServer;
  private final byte[] chunk = new byte[BUFFER_BYTES]; // read, the next byte at `next`
  private int next;
  private int filled;
  private int lastId;

  /** An answer and how long it took from the first byte sent to the last byte read. */
  record Timed(JsonNode result, double millis) {}

  /** Starts a server and opens a session. */
  LineClient(List<String> command) throws IOException, CliException {
    this(command, PATIENCE, Optional.empty());
  }

  /** The same with a server that is killed if it has not ended by itself after some time. */
  static LineClient within(Duration life, List<String> command) throws IOException, CliException {
    return new LineClient(command, life, Optional.of(life));
  }

  private LineClient(List<String> command, Duration patience, Optional<Duration> life)
      throws IOException, CliException {
    this.patience = patience;
    server = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    toServer = server.getOutputStream();
    fromServer = server.getInputStream();
    life.ifPresent(time ->
        CompletableFuture.delayedExecutor(time.toMillis(), TimeUnit.MILLISECONDS)
            .execute(this::kill));
    try {
      ObjectNode hello = JsonNodeFactory.instance.objectNode().put("protocolVersion", "2025-11-25");
      hello.putObject("capabilities");
      hello.putObject("clientInfo").put("name", "bench").put("version", "1");
      request("initialize", hello);
      send(message("notifications/initialized", JsonNodeFactory.instance.objectNode()));
    } catch (IOException | CliException | RuntimeException e) {
      kill();
      throw e;
    }
  }

  private static ObjectNode message(String method, ObjectNode params) {
    ObjectNode message = JsonNodeFactory.instance.objectNode();
    message.put("jsonrpc", "2.0").put("method", method).set("params", params);
    return message;
  }

  private void send(ObjectNode message) throws IOException {
    send(JSON.writeValueAsBytes(message));
  }

  private void send(byte[] line) throws IOException {
    toServer.write(line);
    toServer.write('\n');
    toServer.flush();
  }

  /** Calls a tool; its structured content comes back. */
  Timed call(String tool, ObjectNode arguments) throws IOException, CliException {
    ObjectNode params = JsonNodeFactory.instance.objectNode().put("name", tool);
    params.set("arguments", arguments);
    Timed answer = request("tools/call", params);
    if (answer.result().path("isError").asBoolean(false)) {
      throw new CliException(tool + ": " + answer.result().get("content"));
    }
    return new Timed(answer.result().get("structuredContent"), answer.millis());
  }

  /** Sends a request and waits for its answer; notifications in between are dropped. */
  Timed request(String method, ObjectNode params) throws IOException, CliException {
    int id = ++lastId;
    byte[] line = JSON.writeValueAsBytes(message(method, params).put("id", id));
    long begin = System.nanoTime();
    send(line);
    while (true) {
      byte[] answer = readLine();
      double millis = (System.nanoTime() - begin) / 1e6;
      JsonNode node = JSON.readTree(answer);
      if (node.path("id").asInt(0) == id) {
        if (node.has("error")) {
          throw new CliException(method + ": " + node.get("error"));
        }
        return new Timed(node.get("result"), millis);
      }
    }
  }

  private byte[] readLine() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream(BUFFER_BYTES);
    while (true) {
      if (next == filled) {
        next = 0;
        filled = fromServer.read(chunk);
        if (filled < 0) {
          throw new EOFException("the server has ended");
        }
      }
      int end = next;
      while (end < filled && chunk[end] != '\n') {
        end++;
      }
      line.write(chunk, next, end - next);
      next = Math.min(end + 1, filled);
      if (end < filled) {
        return line.toByteArray();
      }
    }
  }

  /**
   * Ends the server's input and waits for its end; kills it if that takes too long.
   *
   * @return its exit status
   */
  int end() throws IOException {
    try {
      toServer.close();
    } finally {
      try {
        if (!server.waitFor(patience)) {
          kill();
        }
        server.waitFor();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        kill();
      }
    }
    return server.isAlive() ? -1 : server.exitValue();
  }

  /** Ends the server and what it started. */
  private void kill() {
    server.descendants().forEach(ProcessHandle::destroyForcibly);
    server.destroyForcibly();
  }

  @Override
  public void close() throws IOException {
    if (server.isAlive()) {
      end();
    }
  }
}
