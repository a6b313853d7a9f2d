package dev.qwenmcp.server.process;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One of many clients: it writes words that nobody else has into a context of its own, and expects
 * to read nothing but these again; now and then it lets the model answer.
 */
final class CrowdClient implements Runnable {
  private static final int WARM_UP_ROUNDS = 2;

  private final HttpClient client;
  private final URI url;
  private final Random random;
  private final long deadline;
  private final long pauseMillis;
  private final String mine = UUID.randomUUID().toString();
  private final List<Double> millis = new ArrayList<>();
  private int written;
  private int generated;
  private Throwable failure;

  /**
   * @param pauseMillis on average, between two rounds of calls
   */
  CrowdClient(HttpClient client, URI url, Random random, long deadline, long pauseMillis) {
    this.client = client;
    this.url = url;
    this.random = random;
    this.deadline = deadline;
    this.pauseMillis = pauseMillis;
  }

  @Override
  public void run() {
    try {
      HttpCaller caller = new HttpCaller(client, url);
      String context =
          caller.call("context_open", HttpCaller.object()).get("context_id").asString();
      for (int round = 0; System.nanoTime() < deadline; round++) {
        round(caller, context, round >= WARM_UP_ROUNDS);
        Thread.sleep(random.nextLong(2 * pauseMillis + 1));
      }
    } catch (IOException | InterruptedException | RuntimeException | Error e) {
      failure = e;
    }
  }

  private void round(HttpCaller caller, String context, boolean timed)
      throws IOException, InterruptedException {
    String text = mine + " " + written;
    long begin = System.nanoTime();
    ObjectNode append = HttpCaller.object().put("context_id", context).put("text", text);
    JsonNode appended = caller.call("context_append", append.put("role", "result"));
    took(begin, timed);
    int index = appended.get("index").asInt();

    begin = System.nanoTime();
    ObjectNode uri =
        HttpCaller.object().put("uri", "context://%s/entries/%d".formatted(context, index));
    String read = caller.request("resources/read", uri).path("contents").toString();
    took(begin, timed);
    if (!read.contains(text)) {
      throw new AssertionError("expected " + text + ", read " + read);
    }
    written++;
    if (random.nextInt(10) == 0) {
      generate(caller);
    }
  }

  /** In a context of its own, whose entries are then the prompt and the answer. */
  private void generate(HttpCaller caller) throws IOException, InterruptedException {
    String prompt = "Say hello to " + mine + " " + generated;
    ObjectNode request = HttpCaller.object().put("prompt", prompt).put("max_tokens", 4);
    String context;
    try {
      context = caller.call("generate", request).get("context_id").asString();
    } catch (AssertionError e) {
      if (String.valueOf(e.getMessage()).contains("busy")) {
        return; // the documented answer where all slots and places in the queue are taken
      }
      throw e;
    }
    String entries =
        caller.call("context_read", HttpCaller.object().put("context_id", context)).toString();
    if (!entries.contains(prompt)) {
      throw new AssertionError("expected " + prompt + ", read " + entries);
    }
    generated++;
  }

  private void took(long begin, boolean timed) {
    if (timed) {
      millis.add((System.nanoTime() - begin) / 1e6);
    }
  }

  Throwable failure() {
    return failure;
  }

  /** Milliseconds of the calls that generate nothing, but the first few. */
  List<Double> millis() {
    return millis;
  }

  int written() {
    return written;
  }

  int generated() {
    return generated;
  }
}
