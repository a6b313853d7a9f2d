package dev.qwenmcp.server.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** {@code qwen-mcp bench-protocol}: how long a small call takes over each transport. */
@Command(
    name = "bench-protocol",
    description = {
      "Measure calls of context_list, whose arguments and result are small, through servers of its"
          + " own over each transport.",
      "Each time is from the request's first byte to the answer's last, one call after the other."
    })
final class BenchProtocolCommand implements Callable<Integer> {
  private static final String TOOL = "context_list";
  private static final String HELLO =
      "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"initialize\",\"params\":{\"protocolVersion\":"
          + "\"2025-11-25\",\"capabilities\":{},\"clientInfo\":{\"name\":\"bench\",\"version\":\"1\"}}}";
  private static final String READY =
      "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}";
  private static final String CALL =
      "{\"jsonrpc\":\"2.0\",\"id\":%d,\"method\":\"tools/call\",\"params\":{\"name\":\"context_list\","
          + "\"arguments\":{}}}";

  private static final String GENERATE =
      "{\"jsonrpc\":\"2.0\",\"id\":%d,\"method\":\"tools/call\",\"params\":{\"name\":\"generate\","
          + "\"arguments\":{\"prompt\":\"Tell me about the sea.\",\"max_tokens\":200}}}";

  /** One client asks as fast as it can. */
  private static final List<String> UNLIMITED = List.of("--rate", "1000000", "--burst", "1000000");

  @Spec private CommandSpec spec;

  @Option(
      names = "--calls",
      paramLabel = "N",
      defaultValue = "5000",
      description = "Timed calls over each transport (default: ${DEFAULT-VALUE}).")
  private int calls;

  @Option(
      names = "--warm-up",
      paramLabel = "N",
      defaultValue = "3000",
      description = "Calls before these (default: ${DEFAULT-VALUE}).")
  private int warmUp;

  @Option(
      names = "--generations",
      paramLabel = "N",
      defaultValue = "0",
      description = "Other clients that let the model write all the while (default: none).")
  private int generations;

  /** One call. */
  private interface Step {
    void run(int number) throws IOException, InterruptedException, CliException;
  }

  @Override
  public Integer call() throws IOException, InterruptedException, CliException {
    try (TemporaryFolder temporary = TemporaryFolder.in(null)) {
      List<String> serve = new ArrayList<>(ServerCommandLine.words());
      serve.addAll(List.of("--data-dir", temporary.path().toString()));
      out().printf("%-24s %6s %8s %8s %8s %8s%n", "milliseconds", "n", "p50", "p90", "p99", "max");
      try (LineClient client = new LineClient(serve)) {
        print("stdio", timed(i -> client.call(TOOL, JsonNodeFactory.instance.objectNode())));
      }
      serve.addAll(UNLIMITED);
      try (SpawnedHttpServer server = new SpawnedHttpServer(serve)) {
        List<Thread> writing = new ArrayList<>();
        for (int i = 0; i < generations; i++) {
          writing.add(Thread.ofVirtual().start(() -> generate(server.uri())));
        }
        try (HttpCaller caller = HttpCaller.streamable(server.uri())) {
          print("Streamable HTTP", timed(caller));
        }
        try (HttpCaller caller = HttpCaller.older(server.uri())) {
          print("HTTP with SSE", timed(caller));
        }
        writing.forEach(Thread::interrupt);
      }
    }
    return 0;
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }

  /** Lets the model write until interrupted. */
  private static void generate(URI uri) {
    try (HttpCaller caller = HttpCaller.streamable(uri)) {
      caller.exchange(HELLO);
      caller.exchange(READY);
      for (int id = 1; !Thread.currentThread().isInterrupted(); id++) {
        caller.exchange(GENERATE.formatted(id));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException | CliException e) {
      if (!Thread.currentThread().isInterrupted()) {
        throw new IllegalStateException("a client that generates has failed", e);
      }
    }
  }

  private double[] timed(HttpCaller caller) throws IOException, InterruptedException, CliException {
    caller.exchange(HELLO);
    caller.exchange(READY);
    return timed(i -> {
      JsonNode answer = caller.exchange(CALL.formatted(i + 1));
      if (!answer.path("result").path("isError").isBoolean()
          || answer.at("/result/isError").asBoolean()) {
        throw new CliException(TOOL + ": " + answer);
      }
    });
  }

  private double[] timed(Step step) throws IOException, InterruptedException, CliException {
    for (int i = 0; i < warmUp; i++) {
      step.run(i);
    }
    double[] millis = new double[calls];
    for (int i = 0; i < calls; i++) {
      long begin = System.nanoTime();
      step.run(warmUp + i);
      millis[i] = (System.nanoTime() - begin) / 1e6;
    }
    return millis;
  }

  private void print(String what, double[] millis) {
    Arrays.sort(millis);
    out()
        .printf(
            Locale.ROOT,
            "%-24s %6d %8.2f %8.2f %8.2f %8.2f%n",
            what,
            millis.length,
            BenchContextsCommand.percentile(millis, 50),
            BenchContextsCommand.percentile(millis, 90),
            BenchContextsCommand.percentile(millis, 99),
            millis[millis.length - 1]);
    out().flush();
  }
}
