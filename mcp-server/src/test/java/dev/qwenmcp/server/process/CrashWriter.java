package dev.qwenmcp.server.process;

import static dev.qwenmcp.server.process.ServerProcess.object;

import dev.qwenmcp.server.process.ServerProcess.EndedException;
import dev.qwenmcp.server.process.ServerProcess.ToolFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A caller that changes contexts until its server ends, and remembers what was acknowledged. */
final class CrashWriter implements Runnable {
  private static final int MOST_WORDS = 1_500;
  private static final int MOST_ENTRIES = 60;
  private static final long PATIENCE_SECONDS = 60;

  private final ServerProcess server;
  private final Random random;
  private final List<Written> mine = new ArrayList<>();
  private final List<Written> closed = new ArrayList<>();
  private final List<String> failures = new ArrayList<>();
  private final CountDownLatch answered = new CountDownLatch(1);
  private final CountDownLatch spoken = new CountDownLatch(1);

  CrashWriter(ServerProcess server, Random random) {
    this.server = server;
    this.random = random;
  }

  @Override
  public void run() {
    try {
      while (true) {
        step();
        answered.countDown();
      }
    } catch (EndedException _) {
      // It was killed.
    } catch (ToolFailure | RuntimeException | AssertionError e) {
      failures.add(e.toString());
    }
    answered.countDown();
    spoken.countDown();
  }

  /** Returns when the first step is done. */
  void awaitFirstAnswer() throws InterruptedException {
    await(answered);
  }

  /** Returns when the model has answered. */
  void awaitDialogue() throws InterruptedException {
    await(spoken);
  }

  private static void await(CountDownLatch latch) throws InterruptedException {
    if (!latch.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError("no answer");
    }
  }

  /** Everything that was acknowledged; once the writer has ended. */
  List<Written> written() {
    List<Written> all = new ArrayList<>(closed);
    all.addAll(mine);
    return all;
  }

  /** What should not have happened; once the writer has ended. */
  List<String> failures() {
    return failures;
  }

  private void step() throws EndedException, ToolFailure {
    if (mine.isEmpty()) {
      mine.add(new Written(id(server.call("context_open", object()))));
      return;
    }
    int chosen = random.nextInt(mine.size());
    Written one = mine.get(chosen);
    switch (random.nextInt(10)) {
      case 0 -> mine.add(new Written(id(server.call("context_open", object()))));
      case 1 -> fork(one);
      case 2 -> {
        if (mine.size() > 3) {
          mine.remove(chosen);
          close(one);
        }
      }
      case 3, 4 -> answer(one);
      case 5 -> classify(one);
      case 6 -> one.read(server);
      default -> append(one);
    }
  }

  private void append(Written to) throws EndedException, ToolFailure {
    Written.Text text =
        new Written.Text(
            Long.toUnsignedString(random.nextLong(), 36), 1 + random.nextInt(MOST_WORDS));
    if (to.appended().size() > MOST_ENTRIES) {
      return;
    }
    ObjectNode arguments = object().put("context_id", to.id()).put("text", text.text());
    arguments.set("structured", text.structured());
    to.appended().put(server.call("context_append", arguments).get("index").asInt(), text);
  }

  private void answer(Written to) throws EndedException, ToolFailure {
    // Long enough for pages of keys and values, which are written in the background.
    String number = " " + random.nextInt(100_000);
    String question = "Where is my order" + (number + " and").repeat(25) + number + "?";
    // The answer depends on the dialogue, which is why it begins with this question.
    Written own = new Written(id(server.call("context_open", object())));
    mine.add(own);
    JsonNode result = generate(server, question, own.id());
    own.answered().put(question, result.get("text").asString());
    spoken.countDown();
    append(to);
  }

  /** The likeliest few words. */
  static JsonNode generate(ServerProcess server, String question, String context)
      throws EndedException, ToolFailure {
    ObjectNode arguments =
        object().put("prompt", question).put("max_tokens", 6).put("temperature", 0);
    if (context != null) {
      arguments.put("context_id", context);
    }
    return server.call("generate", arguments);
  }

  private void classify(Written one) throws EndedException, ToolFailure {
    ObjectNode arguments =
        object()
            .put("context_id", one.id())
            .put("task", "classify")
            .put("text", "my card " + random.nextInt(1_000_000) + " has not arrived");
    arguments.putArray("labels").add("card arrival").add("exchange rate");
    server.call("understand", arguments);
  }

  private void fork(Written origin) throws EndedException, ToolFailure {
    Written fork =
        new Written(id(server.call("context_fork", object().put("context_id", origin.id()))));
    fork.appended().putAll(origin.appended());
    fork.answered().putAll(origin.answered());
    mine.add(fork);
  }

  private void close(Written one) throws EndedException, ToolFailure {
    closed.add(one.with(Written.State.PERHAPS_CLOSED));
    server.call("context_close", object().put("context_id", one.id()));
    closed.set(closed.size() - 1, one.with(Written.State.CLOSED));
  }

  private static String id(JsonNode result) {
    return result.get("context_id").asString();
  }
}
