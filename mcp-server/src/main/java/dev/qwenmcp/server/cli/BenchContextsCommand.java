package dev.qwenmcp.server.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@code qwen-mcp bench-contexts}: how long contexts take over MCP, written to disk. */
@Command(
    name = "bench-contexts",
    description = {
      "Measure contexts through a server of its own, over standard input and output.",
      "Each time is from the first byte of the request to the last byte of the answer."
    })
final class BenchContextsCommand implements Callable<Integer> {
  private static final int KIB = 1024;
  private static final int MIB = 1024 * KIB;
  private static final String WORDS = "What stays in a context is there for the next call. ";

  @Spec private CommandSpec spec;

  @Option(
      names = "--folder",
      paramLabel = "DIR",
      description = "Where to write; everything is removed again (default: a temporary folder).")
  private Path parent;

  @Option(
      names = "--repeat",
      paramLabel = "N",
      defaultValue = "400",
      description =
          "How often small things are done (default: 400); large ones a quarter as often.")
  private int repeat;

  /** One request, made again and again. */
  private interface Step {
    LineClient.Timed run(int round) throws IOException, CliException;
  }

  @Override
  public Integer call() throws IOException, CliException {
    try (TemporaryFolder temporary = TemporaryFolder.in(parent)) {
      Path folder = temporary.path();
      List<String> command = new ArrayList<>(ServerCommandLine.words());
      command.addAll(List.of("--data-dir", folder.toString()));
      out().printf("%-44s %6s %8s %8s %8s %8s%n", "milliseconds", "n", "p50", "p90", "p99", "max");
      disk(folder);
      try (LineClient client = new LineClient(command)) {
        measure(client);
      }
    }
    return 0;
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }

  /** What the disk takes by itself, to tell it from the rest. */
  private void disk(Path folder) throws IOException {
    for (int size : new int[] {64 * KIB, MIB}) {
      Path file = folder.resolve("disk");
      double[] millis = new double[times(size)];
      try (FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
        for (int i = 0; i < millis.length; i++) {
          long begin = System.nanoTime();
          channel.write(ByteBuffer.allocate(size));
          channel.force(false);
          millis[i] = (System.nanoTime() - begin) / 1e6;
        }
      }
      Files.delete(file);
      print("the disk alone: write and sync " + inWords(size), millis);
    }
  }

  private int times(int size) {
    return size > 64 * KIB ? Math.max(20, repeat / 4) : repeat;
  }

  private void measure(LineClient client) throws IOException, CliException {
    client.call(
        "ingest",
        object("documents", "[{\"id\": \"a\", \"text\": \"A context keeps what a call found.\"}]"));
    print("context_open", timed(repeat, i -> client.call("context_open", object())));
    for (int size : new int[] {KIB, 64 * KIB, MIB}) {
      String text = text(size);
      String[] context = {""};
      int perContext = 16 * MIB / size;
      Step append =
          i -> {
            if (i % Math.min(perContext, 100) == 0) {
              context[0] = open(client);
            }
            return client.call(
                "context_append", object().put("context_id", context[0]).put("text", text));
          };
      print("context_append " + inWords(size), timed(times(size), append));
      String uri = "context://" + context[0] + "/entries/0";
      print(
          "resources/read " + inWords(size),
          timed(times(size), i -> client.request("resources/read", object().put("uri", uri))));
    }
    for (int size : new int[] {KIB, MIB, 16 * MIB}) {
      String context = filled(client, size);
      print(
          "context_fork of " + inWords(size),
          timed(
              times(size), i -> client.call("context_fork", object().put("context_id", context))));
      print(
          "retrieve by handle, context of " + inWords(size),
          timed(times(size), i -> retrieve(client, context)));
    }
  }

  /** Hands a fork of the context, and so its question, to another tool. */
  private static LineClient.Timed retrieve(LineClient client, String context)
      throws IOException, CliException {
    String fork =
        client
            .call("context_fork", object().put("context_id", context))
            .result()
            .get("context_id")
            .asString();
    return client.call("retrieve", object().put("context_id", fork));
  }

  private static String filled(LineClient client, int bytes) throws IOException, CliException {
    String context = open(client);
    client.call(
        "context_append",
        object()
            .put("context_id", context)
            .put("text", "What does a context keep?")
            .put("role", "user"));
    String text = text(Math.min(bytes, MIB));
    for (int written = 0; written < bytes; written += text.length()) {
      client.call("context_append", object().put("context_id", context).put("text", text));
    }
    return context;
  }

  private static String open(LineClient client) throws IOException, CliException {
    return client.call("context_open", object()).result().get("context_id").asString();
  }

  private static String text(int bytes) {
    return WORDS.repeat(bytes / WORDS.length() + 1).substring(0, bytes);
  }

  private static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  private static ObjectNode object(String name, String json) {
    ObjectNode object = object();
    object.set(name, JsonMapper.shared().readTree(json));
    return object;
  }

  /** Runs a step, first a quarter as often for nothing: a server is measured once it is warm. */
  private static double[] timed(int times, Step step) throws IOException, CliException {
    double[] millis = new double[times];
    for (int i = -times / 4; i < times; i++) {
      LineClient.Timed timed = step.run(i + times / 4);
      if (i >= 0) {
        millis[i] = timed.millis();
      }
    }
    return millis;
  }

  private void print(String what, double[] millis) {
    Arrays.sort(millis);
    out()
        .printf(
            Locale.ROOT,
            "%-44s %6d %8.2f %8.2f %8.2f %8.2f%n",
            what,
            millis.length,
            percentile(millis, 50),
            percentile(millis, 90),
            percentile(millis, 99),
            millis[millis.length - 1]);
    out().flush();
  }

  /** The smallest time that so many of a hundred do not exceed. */
  static double percentile(double[] sorted, int percent) {
    return sorted[Math.max(0, (int) Math.ceil(sorted.length * percent / 100.0) - 1)];
  }

  private static String inWords(int bytes) {
    return bytes >= MIB ? bytes / MIB + " MiB" : bytes / KIB + " KiB";
  }
}
