package dev.qwenmcp.server.process;

import static dev.qwenmcp.server.process.ServerProcess.object;

import dev.qwenmcp.server.process.ServerProcess.EndedException;
import dev.qwenmcp.server.process.ServerProcess.ToolFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import tools.jackson.databind.node.ObjectNode;

/**
 * A caller that makes calls of all kinds until its time is over, and keeps few contexts, so that
 * the server has no more to keep at the end than after a minute.
 */
final class MixedCaller implements Runnable {
  private static final int MOST_CONTEXTS = 6;
  private static final int MOST_WRITES = 12;
  private static final String SCHEMA =
      """
      {"type": "object", "properties": {"urgent": {"type": "boolean"}}, "required": ["urgent"],
       "additionalProperties": false}\
      """;
  private static final List<String> MESSAGES =
      List.of(
          "My new card has not arrived yet.", "How do I change my PIN?",
          "I was charged twice for the same order.", "Where can I see the exchange rate?",
          "Please cancel the table for four tomorrow.",
              "Is there a train to the airport at night?");

  private final ServerProcess server;
  private final Random random;
  private final long deadline;
  private final AtomicLong calls;
  private final List<Used> contexts = new ArrayList<>();
  private final List<String> failures = new ArrayList<>();

  /** A context and how many calls wrote to it. */
  private static final class Used {
    final String id;
    int writes;

    Used(String id) {
      this.id = id;
    }
  }

  /**
   * @param deadline of {@link System#nanoTime()}
   * @param calls counts those that were answered, of all callers
   */
  MixedCaller(ServerProcess server, Random random, long deadline, AtomicLong calls) {
    this.server = server;
    this.random = random;
    this.deadline = deadline;
    this.calls = calls;
  }

  @Override
  public void run() {
    try {
      while (System.nanoTime() < deadline) {
        step();
      }
      while (!contexts.isEmpty()) {
        close(contexts.removeLast());
      }
    } catch (EndedException | ToolFailure | RuntimeException | AssertionError e) {
      failures.add(e.toString());
    }
  }

  /** What should not have happened; once the caller has ended. */
  List<String> failures() {
    return failures;
  }

  private void step() throws EndedException, ToolFailure {
    if (contexts.isEmpty()) {
      contexts.add(new Used(open()));
    }
    Used one = contexts.get(random.nextInt(contexts.size()));
    String message = MESSAGES.get(random.nextInt(MESSAGES.size())) + " " + random.nextInt(1000);
    switch (random.nextInt(10)) {
      case 0 -> contexts.add(new Used(open()));
      case 1 -> {
        Used fork = new Used(call("context_fork", in(one)));
        fork.writes = one.writes;
        contexts.add(fork);
      }
      case 2 -> call("context_append", in(one).put("text", message.repeat(20)));
      case 3 -> call("context_read", in(one).put("limit", 5));
      case 4 -> call("understand", classify(in(one), message));
      case 5 -> call("understand", extract(in(one), message));
      case 6 -> call("understand", in(one).put("task", "keywords").put("text", message));
      case 7 -> call("understand", in(one).put("task", "language").put("text", message));
      case 8 -> fails("understand", object().put("task", "classify").put("text", message));
      default ->
          call("generate", in(one).put("prompt", message).put("max_tokens", 1 + random.nextInt(8)));
    }
    one.writes++;
    if (one.writes > MOST_WRITES || contexts.size() > MOST_CONTEXTS) {
      contexts.remove(one);
      close(one);
    }
  }

  private void close(Used used) throws EndedException, ToolFailure {
    call("context_close", object().put("context_id", used.id));
  }

  private String open() throws EndedException, ToolFailure {
    return call("context_open", object().put("title", "soak"));
  }

  /** Makes a call; the context it was about. */
  private String call(String tool, ObjectNode arguments) throws EndedException, ToolFailure {
    String context = server.call(tool, arguments).get("context_id").asString();
    calls.incrementAndGet();
    return context;
  }

  /** Makes a call that is wrong, as clients do. */
  private void fails(String tool, ObjectNode arguments) throws EndedException {
    try {
      server.call(tool, arguments);
    } catch (ToolFailure _) {
      calls.incrementAndGet();
      return;
    }
    throw new AssertionError(tool + " accepts " + arguments);
  }

  private static ObjectNode in(Used context) {
    return object().put("context_id", context.id);
  }

  private static ObjectNode classify(ObjectNode arguments, String message) {
    arguments.put("task", "classify").put("text", message);
    arguments.putArray("labels").add("card arrival").add("change pin").add("exchange rate");
    return arguments;
  }

  private static ObjectNode extract(ObjectNode arguments, String message) {
    arguments.put("task", "extract").put("text", message);
    arguments.set("schema", Json.read(SCHEMA));
    return arguments;
  }
}
