package dev.qwenmcp.server.remote;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A server that streams prepared answers as OpenAI-compatible ones do, and fails as told. */
public final class FakeModelServer implements AutoCloseable {
  /** What it does to one request. */
  @FunctionalInterface
  public interface Behaviour {
    void answer(HttpExchange exchange) throws IOException, InterruptedException;
  }

  /** Bodies of all requests. */
  public final List<JsonNode> requests = Collections.synchronizedList(new ArrayList<>());

  /** Authorization headers of all requests. */
  public final List<String> keys = Collections.synchronizedList(new ArrayList<>());

  /** Released when a client broke a connection off. */
  public final CountDownLatch brokenOff = new CountDownLatch(1);

  private final Deque<Behaviour> behaviours = new ArrayDeque<>();
  private final HttpServer server;

  public FakeModelServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/v1/chat/completions", this::handle);
    server.start();
  }

  public URI address() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/v1");
  }

  /** The next request is answered so; the last behaviour stays. */
  public FakeModelServer then(Behaviour behaviour) {
    behaviours.add(behaviour);
    return this;
  }

  private void handle(HttpExchange exchange) throws IOException {
    requests.add(JsonMapper.shared().readTree(exchange.getRequestBody().readAllBytes()));
    keys.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
    Behaviour behaviour;
    synchronized (behaviours) {
      behaviour = behaviours.size() > 1 ? behaviours.poll() : behaviours.peek();
    }
    try {
      behaviour.answer(exchange);
    } catch (IOException e) {
      brokenOff.countDown();
    } catch (InterruptedException _) {
      // The test has ended.
    } finally {
      exchange.close();
    }
  }

  /** Streams the text in pieces, then why it ends and what it cost. */
  public static Behaviour says(String... pieces) {
    return ends("stop", pieces);
  }

  static Behaviour ends(String finish, String... pieces) {
    return exchange -> {
      OutputStream out = stream(exchange);
      for (String piece : pieces) {
        send(out, chunk("content", piece));
      }
      send(out, "{\"choices\":[{\"delta\":{},\"finish_reason\":\"" + finish + "\"}]}");
      send(
          out,
          "{\"choices\":[],\"usage\":{\"prompt_tokens\":12,\"completion_tokens\":%d,\"prompt_tokens_details\":{\"cached_tokens\":8}}}"
              .formatted(pieces.length));
      send(out, "[DONE]");
    };
  }

  /** Streams as {@link #says}, with a log-probability for each piece. */
  public static Behaviour saysWithLogprobs(double each, String... pieces) {
    return exchange -> {
      OutputStream out = stream(exchange);
      for (String piece : pieces) {
        send(
            out,
            "{\"choices\":[{\"delta\":{\"content\":%s},\"logprobs\":{\"content\":[{\"logprob\":%s}]}}]}"
                .formatted(quoted(piece), each));
      }
      send(out, "{\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}");
      send(out, "[DONE]");
    };
  }

  static Behaviour thinks(String thought, String text) {
    return exchange -> {
      OutputStream out = stream(exchange);
      send(out, chunk("reasoning_content", thought));
      send(out, chunk("content", text));
      send(out, "{\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}");
      send(out, "[DONE]");
    };
  }

  /** Sends a piece and ends the connection. */
  static Behaviour breaksOffAfter(String piece) {
    return exchange -> send(stream(exchange), chunk("content", piece));
  }

  /** Sends a piece, then nothing. */
  static Behaviour fallsSilentAfter(String piece) {
    return exchange -> {
      OutputStream out = stream(exchange);
      if (!piece.isEmpty()) {
        send(out, chunk("content", piece));
      }
      Thread.sleep(5_000);
    };
  }

  /** Goes on without end. */
  static Behaviour neverEnds() {
    return exchange -> {
      OutputStream out = stream(exchange);
      while (true) {
        send(out, chunk("content", "and "));
        Thread.sleep(5);
      }
    };
  }

  public static Behaviour refuses(int status, String text) {
    return exchange -> {
      exchange.getResponseHeaders().add("Retry-After", "0");
      body(exchange, status, "application/json", text);
    };
  }

  static Behaviour sends(String type, String text) {
    return exchange -> body(exchange, 200, type, text);
  }

  private static void body(HttpExchange exchange, int status, String type, String text)
      throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", type);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  private static OutputStream stream(HttpExchange exchange) throws IOException {
    exchange.getResponseHeaders().add("Content-Type", "text/event-stream; charset=utf-8");
    exchange.sendResponseHeaders(200, 0);
    return exchange.getResponseBody();
  }

  private static String chunk(String field, String text) {
    return "{\"choices\":[{\"delta\":{\"%s\":%s}}]}".formatted(field, quoted(text));
  }

  private static String quoted(String text) {
    return JsonMapper.shared().writeValueAsString(text);
  }

  private static void send(OutputStream out, String data) throws IOException {
    out.write((": ping\r\n\r\ndata: " + data + "\r\n\r\n").getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
