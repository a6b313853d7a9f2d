package dev.qwenmcp.server.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What launchers play to a server whose JVM writes the start cache: a client's session of either
 * era, with what clients do often done often.
 *
 * <p>The cache then holds the classes that a session needs and, since JEP 515, the profiles of
 * methods that ran often, from which the JIT compiles them as soon as a later process begins to use
 * them instead of after some thousand calls.
 */
@Command(
    name = "rehearse",
    hidden = true,
    description = "Play a client's session with the server that COMMAND starts.")
final class RehearseCommand implements Callable<Integer> {
  /** Methods that a call runs once are compiled with profiles after some hundred calls. */
  private static final int ROUNDS = 200;

  /** Large texts are handled by loops, which are compiled sooner. */
  private static final int LARGE_ROUNDS = 20;

  private static final int GENERATIONS = 10;

  private static final int MIB = 1 << 20;
  private static final String WORDS = "What stays in a context is there for the next call. ";

  /**
   * For all of it, some ten seconds on two quiet cores; a JVM writes its start cache as it ends.
   */
  private static final Duration MOST = Duration.ofMinutes(4);

  @Parameters(arity = "1..*", paramLabel = "COMMAND", description = "Starts the server.")
  private List<String> command;

  @Override
  public Integer call() throws IOException, CliException {
    try (LineClient client = LineClient.within(MOST, command)) {
      client.request("server/discover", modern());
      client.request("tools/list", object());
      client.call("context_list", object());
      for (int i = 0; i < GENERATIONS; i++) {
        client.call("generate", object().put("prompt", "Hello").put("max_tokens", 8));
      }
      client.call("ingest", documents());
      for (int i = 0; i < ROUNDS; i++) {
        round(client, i);
      }
      for (int i = 0; i < LARGE_ROUNDS; i++) {
        passOn(client, WORDS.repeat(MIB / WORDS.length()));
      }
      int status = client.end();
      if (status != 0) {
        throw new CliException(
            "the server ended with status %d, or was ended after %d minutes"
                .formatted(status, MOST.toMinutes()));
      }
    }
    return 0;
  }

  private static void round(LineClient client, int number) throws IOException, CliException {
    int size = number % 4 == 0 ? MIB / 16 : MIB / 1024;
    String fork = passOn(client, WORDS.repeat(size / WORDS.length()));
    client.call(
        "context_append",
        object()
            .put("context_id", fork)
            .put("text", "What does a context keep?")
            .put("role", "user"));
    client.call("retrieve", object().put("context_id", fork));
    client.call("context_read", object().put("context_id", fork));
  }

  /** Puts a text into a context, reads it and forks the context; gives the fork. */
  private static String passOn(LineClient client, String text) throws IOException, CliException {
    String context = id(client.call("context_open", object()));
    client.call("context_append", object().put("context_id", context).put("text", text));
    client.request("resources/read", object().put("uri", "context://" + context + "/entries/0"));
    return id(client.call("context_fork", object().put("context_id", context)));
  }

  private static String id(LineClient.Timed answer) {
    return answer.result().get("context_id").asString();
  }

  private static ObjectNode documents() {
    ObjectNode arguments = object();
    arguments
        .putArray("documents")
        .addObject()
        .put("id", "rehearsal")
        .put("text", "A context keeps what a call found.");
    return arguments;
  }

  private static ObjectNode modern() {
    return (ObjectNode)
        JsonMapper.shared()
            .readTree(
                """
                {"_meta": {"io.modelcontextprotocol/protocolVersion": "2026-07-28",
                  "io.modelcontextprotocol/clientInfo": {"name": "launcher", "version": "1"},
                  "io.modelcontextprotocol/clientCapabilities": {}}}
                """);
  }

  private static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }
}
