package dev.qwenmcp.server.process;

import dev.qwenmcp.server.cli.Main;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code serve} as a process of its own, which many threads may call at once; what it logs goes to
 * a file.
 */
final class ServerProcess implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final long PATIENCE_SECONDS = 60;

  private final Process process;
  private final Path log;
  private final OutputStream input;
  private final Thread reader;
  private final AtomicInteger lastId = new AtomicInteger();
  private final Map<Integer, CompletableFuture<JsonNode>> waiting = new ConcurrentHashMap<>();

  /** Says that the server ended before it answered. */
  static final class EndedException extends Exception {
    private static final long serialVersionUID = 1;

    EndedException() {
      super("the server has ended");
    }
  }

  /** Says that a tool failed. */
  static final class ToolFailure extends Exception {
    private static final long serialVersionUID = 1;

    ToolFailure(String tool, String message) {
      super(tool + ": " + message);
    }
  }

  /**
   * Starts a server from the class path of this test and opens a session.
   *
   * @param data folder
   * @param log of what it says on standard error, appended to
   * @param virtualMachine options of Java
   * @param options of {@code serve}
   */
  ServerProcess(Path data, Path log, List<String> virtualMachine, List<String> options)
      throws IOException, EndedException {
    this(fromClassPath(virtualMachine), data, log, options);
  }

  /**
   * Starts a server and opens a session.
   *
   * @param program what comes before {@code serve}
   * @param data folder
   * @param log of what it says on standard error, appended to
   * @param options of {@code serve}
   */
  ServerProcess(List<String> program, Path data, Path log, List<String> options)
      throws IOException, EndedException {
    List<String> command = new ArrayList<>(program);
    command.addAll(List.of("serve", "--data-dir", data.toString()));
    command.addAll(options);
    ProcessBuilder builder = new ProcessBuilder(command);
    // Arenas of malloc for each thread would make the memory depend on how threads meet.
    builder.environment().put("MALLOC_ARENA_MAX", "1");
    builder.environment().put("QWEN_MCP_LOG", "INFO");
    this.log = log;
    process = builder.redirectError(ProcessBuilder.Redirect.appendTo(log.toFile())).start();
    input = process.getOutputStream();
    reader = Thread.ofPlatform().daemon().name("answers").start(this::read);
    ObjectNode hello = object().put("protocolVersion", "2025-11-25");
    hello.putObject("capabilities");
    hello.putObject("clientInfo").put("name", "process test").put("version", "1");
    request("initialize", hello);
    send(object().put("jsonrpc", "2.0").put("method", "notifications/initialized"));
  }

  private static List<String> fromClassPath(List<String> virtualMachine) {
    List<String> command = new ArrayList<>();
    command.add(java("java"));
    command.add("--enable-native-access=ALL-UNNAMED");
    command.addAll(virtualMachine);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    return command;
  }

  /** A program of this Java. */
  static String java(String program) {
    return Path.of(System.getProperty("java.home"), "bin", program).toString();
  }

  static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  private void read() {
    try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        JsonNode message = JSON.readTree(line);
        CompletableFuture<JsonNode> answer = waiting.remove(message.path("id").asInt(-1));
        if (answer != null) {
          answer.complete(message);
        }
      }
    } catch (IOException | RuntimeException e) {
      // It was killed, perhaps while it wrote: half a line is no answer.
    }
    waiting.values().forEach(answer -> answer.completeExceptionally(new EndedException()));
  }

  private void send(ObjectNode message) throws EndedException {
    byte[] line = (message + "\n").getBytes(StandardCharsets.UTF_8);
    synchronized (input) {
      try {
        input.write(line);
        input.flush();
      } catch (IOException e) {
        throw new EndedException();
      }
    }
  }

  private JsonNode request(String method, ObjectNode params) throws EndedException {
    int id = lastId.incrementAndGet();
    CompletableFuture<JsonNode> answer = new CompletableFuture<>();
    waiting.put(id, answer);
    ObjectNode message = object().put("jsonrpc", "2.0").put("id", id).put("method", method);
    message.set("params", params);
    send(message);
    if (!reader.isAlive()) {
      answer.completeExceptionally(new EndedException()); // nobody else would
    }
    try {
      JsonNode response = answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (!response.has("result")) {
        throw new AssertionError(method + ": " + response);
      }
      return response.get("result");
    } catch (ExecutionException e) {
      throw new EndedException();
    } catch (TimeoutException e) {
      throw new AssertionError(method + ": no answer in " + PATIENCE_SECONDS + " s", e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Calls a tool; its structured content comes back. */
  JsonNode call(String tool, ObjectNode arguments) throws EndedException, ToolFailure {
    ObjectNode params = object().put("name", tool);
    params.set("arguments", arguments);
    JsonNode result = request("tools/call", params);
    if (result.path("isError").asBoolean(false)) {
      throw new ToolFailure(tool, result.at("/content/0/text").asString());
    }
    return result.get("structuredContent");
  }

  long pid() {
    return process.pid();
  }

  /** Ends it without warning; what it had answered before is read. */
  void kill() throws InterruptedException {
    process.toHandle().destroyForcibly(); // leaves the pipe open for what was said before
    process.waitFor();
    reader.join();
  }

  /** What it and its predecessors logged. */
  String log() throws IOException {
    return Files.readString(log, StandardCharsets.UTF_8);
  }

  /** Ends its input and waits for its end; its exit status. */
  int end() throws IOException, InterruptedException {
    input.close();
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError("the server does not end");
    }
    reader.join();
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
