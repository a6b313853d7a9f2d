package dev.qwenmcp.server.cli;

import dev.qwenmcp.server.bench.Machine;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code qwen-mcp bench-start}: how long a client waits for the server's first answer. */
@Command(
    name = "bench-start",
    description = {
      "Measure starts of the server, from the start of its process to its first answer, with what"
          + " is given and with plain java.",
      "Each way is started once for nothing, then the ways take turns."
    })
final class BenchStartCommand implements Callable<Integer> {
  private static final String INITIALIZE =
      """
      {"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25",\
      "capabilities":{},"clientInfo":{"name":"bench","version":"1"}}}
      """;

  private static final String DISCOVER =
      """
      {"jsonrpc":"2.0","id":1,"method":"server/discover","params":{"_meta":{\
      "io.modelcontextprotocol/protocolVersion":"2026-07-28",\
      "io.modelcontextprotocol/clientInfo":{"name":"bench","version":"1"},\
      "io.modelcontextprotocol/clientCapabilities":{}}}}
      """;

  private static final int PATIENCE_SECONDS = 60;

  @Spec private CommandSpec spec;

  @Option(
      names = "--repeat",
      paramLabel = "N",
      defaultValue = "15",
      description = "Starts of each way (default: ${DEFAULT-VALUE}).")
  private int repeat;

  @Option(
      names = "--program",
      paramLabel = "FILE",
      description =
          "A launcher to measure, such as bin/qwen-mcp of an unpacked image; may be repeated"
              + " (default: the one that started this).")
  private List<Path> programs = List.of();

  /** One way to start it, and how long it took. */
  private record Way(String name, List<String> command, String question, List<Double> seconds) {}

  @Override
  public Integer call() throws IOException, CliException {
    List<Way> ways = ways();
    try (TemporaryFolder folder = TemporaryFolder.in(null)) {
      for (Way way : ways) {
        start(way, folder.path());
      }
      for (int round = 0; round < repeat; round++) {
        for (Way way : ways) {
          way.seconds().add(start(way, folder.path()));
        }
      }
    }
    print(ways);
    return 0;
  }

  private List<Way> ways() {
    List<Way> ways = new ArrayList<>();
    for (Path program : programs.isEmpty() ? launcher() : programs) {
      List<String> command = List.of(program.toAbsolutePath().toString(), "serve");
      ways.add(new Way(program.toString(), command, INITIALIZE, new ArrayList<>()));
      ways.add(new Way(program.toString(), command, DISCOVER, new ArrayList<>()));
    }
    List<String> plain = new ArrayList<>(SelfCommand.child().words());
    plain.add("serve");
    ways.add(new Way("plain java", plain, INITIALIZE, new ArrayList<>()));
    return ways;
  }

  private static List<Path> launcher() {
    return Launcher.current().map(Launcher::path).map(List::of).orElse(List.of());
  }

  private static double start(Way way, Path data) throws IOException, CliException {
    List<String> command = new ArrayList<>(way.command());
    command.addAll(List.of("--data-dir", data.toString()));
    long begin = System.nanoTime();
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    try {
      process.getOutputStream().write(way.question().getBytes(StandardCharsets.UTF_8));
      process.getOutputStream().flush();
      String line;
      try (BufferedReader answers =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
        line = answers.readLine();
        double seconds = (System.nanoTime() - begin) / 1e9;
        check(way, line);
        process.getOutputStream().close();
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
          throw new CliException(way.name() + " does not end when its input does");
        }
        return seconds;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CliException("interrupted", e);
    } finally {
      process.destroyForcibly();
    }
  }

  private static void check(Way way, String line) throws CliException {
    JsonNode answer = line == null ? null : JsonMapper.shared().readTree(line);
    if (answer == null || !answer.has("result")) {
      throw new CliException(way.name() + " answered " + line + "; expected a result");
    }
  }

  private void print(List<Way> ways) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(Machine.here().line());
    out.println();
    out.printf("| started with | first answer | starts | median s | fastest s | slowest s |%n");
    out.printf("|---|---|--:|--:|--:|--:|%n");
    for (Way way : ways) {
      double[] seconds = way.seconds().stream().mapToDouble(Double::doubleValue).toArray();
      Arrays.sort(seconds);
      out.printf(
          Locale.ROOT,
          "| %s | %s | %d | %.3f | %.3f | %.3f |%n",
          way.name(),
          way.question().equals(INITIALIZE) ? "initialize" : "server/discover",
          seconds.length,
          BenchContextsCommand.percentile(seconds, 50),
          seconds[0],
          seconds[seconds.length - 1]);
    }
    out.flush();
  }
}
