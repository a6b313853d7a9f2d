package dev.qwenmcp.server.hub;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;

/**
 * Two servers on this machine that behave as a hub does: one answers questions and redirects, the
 * other has the bytes. Faults are queued, one for each request for bytes.
 */
public final class FakeHub implements AutoCloseable {
  /** What the server of bytes does to one request. */
  enum Fault {
    NONE,
    /** Ends the connection after half of what is left. */
    CUT,
    /** Sends the whole file whatever range is asked for. */
    IGNORES_RANGE,
    /** Sends a range that begins one byte too late. */
    WRONG_RANGE,
    TOO_MANY,
    UNAVAILABLE,
    /** Announces a terabyte. */
    HUGE,
    /** Sends a few bytes and then nothing. */
    STALLS,
    /** The file is another version from here on. */
    CHANGED,
    /** One byte is another. */
    FLIPPED
  }

  static final String TOKEN = "hf_secret";
  static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

  final Map<String, byte[]> files = new LinkedHashMap<>();
  final Map<String, String> sums = new LinkedHashMap<>();
  final Deque<Fault> faults = new ArrayDeque<>();

  /** Requests for bytes: "PATH RANGE". */
  final List<String> fetched = Collections.synchronizedList(new ArrayList<>());

  /** Credentials that the server of bytes was sent. */
  final List<String> leaked = Collections.synchronizedList(new ArrayList<>());

  boolean gated;
  int refusals;
  String licence = "apache-2.0";

  private final HttpServer front = server();
  private final HttpServer bytes = server();
  private int version = 1;

  public FakeHub() throws IOException {
    front.createContext("/", this::answer);
    bytes.createContext("/", this::send);
    front.start();
    bytes.start();
  }

  private static HttpServer server() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    return server;
  }

  public URI address() {
    return URI.create("http://127.0.0.1:" + front.getAddress().getPort());
  }

  public FakeHub with(String path, byte[] content) {
    files.put(path, content);
    sums.put(path, sha256(content));
    return this;
  }

  static String sha256(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    if (refusals > 0) {
      refusals--;
      exchange.getResponseHeaders().add("Retry-After", "0");
      reply(exchange, 503, "busy");
    } else if (gated
        && !("Bearer " + TOKEN).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
      reply(exchange, 401, "{\"error\":\"gated\"}");
    } else if (path.equals("/api/models/Qwen/Tiny-GGUF/revision/main")) {
      reply(
          exchange,
          200,
          "{\"sha\":\"%s\",\"cardData\":{\"license\":\"%s\"}}".formatted(COMMIT, licence));
    } else if (path.equals("/api/models/Qwen/Tiny-GGUF/tree/" + COMMIT)) {
      tree(exchange);
    } else if (path.startsWith("/Qwen/Tiny-GGUF/resolve/" + COMMIT + "/")) {
      String file = path.substring(path.indexOf(COMMIT) + COMMIT.length() + 1);
      exchange.getResponseHeaders().add("X-Linked-ETag", "\"" + sums.get(file) + "\"");
      redirect(exchange, file);
    } else if (path.equals("/api/v1/models/Qwen/Tiny-GGUF")) {
      reply(exchange, 200, "{\"Code\":200,\"Data\":{\"License\":\"%s\"}}".formatted(licence));
    } else if (path.equals("/api/v1/models/Qwen/Tiny-GGUF/repo/files")) {
      List<String> entries = new ArrayList<>();
      entries.add("{\"Type\":\"tree\",\"Path\":\"folder\"}");
      files.forEach((file, content) ->
          entries.add(
              "{\"Type\":\"blob\",\"Path\":\"%s\",\"Size\":%d,\"Sha256\":\"%s\"}"
                  .formatted(file, content.length, sums.get(file))));
      reply(
          exchange, 200, "{\"Code\":200,\"Data\":{\"Files\":[" + String.join(",", entries) + "]}}");
    } else if (path.startsWith("/models/Qwen/Tiny-GGUF/resolve/master/")) {
      redirect(exchange, path.substring("/models/Qwen/Tiny-GGUF/resolve/master/".length()));
    } else {
      reply(exchange, 404, "not found");
    }
  }

  /** Two entries a page, so that there are several. */
  private void tree(HttpExchange exchange) throws IOException {
    List<String> entries = new ArrayList<>();
    entries.add("{\"type\":\"directory\",\"path\":\"folder\"}");
    files.forEach((file, content) ->
        entries.add(
            "{\"type\":\"file\",\"path\":\"%s\",\"size\":134,\"lfs\":{\"oid\":\"%s\",\"size\":%d}}"
                .formatted(file, sums.get(file), content.length)));
    String query = String.valueOf(exchange.getRequestURI().getQuery());
    int from = query.contains("cursor=") ? Integer.parseInt(query.replaceAll(".*cursor=", "")) : 0;
    int to = Math.min(entries.size(), from + 2);
    if (to < entries.size()) {
      exchange
          .getResponseHeaders()
          .add(
              "Link",
              "<%s/api/models/Qwen/Tiny-GGUF/tree/%s?recursive=true&cursor=%d>; rel=\"next\""
                  .formatted(address(), COMMIT, to));
    }
    reply(exchange, 200, "[" + String.join(",", entries.subList(from, to)) + "]");
  }

  private void redirect(HttpExchange exchange, String file) throws IOException {
    exchange
        .getResponseHeaders()
        .add(
            "Location",
            "http://localhost:%d/blobs/%s".formatted(bytes.getAddress().getPort(), file));
    reply(exchange, 302, "");
  }

  private void send(HttpExchange exchange) throws IOException {
    String file = exchange.getRequestURI().getPath().substring("/blobs/".length());
    String range = exchange.getRequestHeaders().getFirst("Range");
    String authorization = exchange.getRequestHeaders().getFirst("Authorization");
    if (authorization != null) {
      leaked.add(authorization);
    }
    Fault fault;
    synchronized (faults) {
      fault = faults.isEmpty() ? Fault.NONE : faults.poll();
    }
    fetched.add(file + " " + range);
    if (fault == Fault.TOO_MANY || fault == Fault.UNAVAILABLE) {
      exchange.getResponseHeaders().add("Retry-After", "0");
      reply(exchange, fault == Fault.TOO_MANY ? 429 : 503, "later");
      return;
    }
    if (fault == Fault.CHANGED) {
      version++;
    }
    byte[] content = files.get(file).clone();
    String etag = "\"v" + version + "\"";
    String ifRange = exchange.getRequestHeaders().getFirst("If-Range");
    boolean part =
        range != null && fault != Fault.IGNORES_RANGE && (ifRange == null || ifRange.equals(etag));
    int from = part ? Integer.parseInt(range.replaceAll("bytes=(\\d+)-", "$1")) : 0;
    if (fault == Fault.WRONG_RANGE) {
      from++;
    }
    if (fault == Fault.FLIPPED) {
      content[content.length - 1] ^= 1;
    }
    exchange.getResponseHeaders().add("ETag", etag);
    if (part) {
      exchange
          .getResponseHeaders()
          .add(
              "Content-Range",
              "bytes %d-%d/%d".formatted(from, content.length - 1, content.length));
    }
    int left = content.length - from;
    exchange.sendResponseHeaders(part ? 206 : 200, fault == Fault.HUGE ? 1L << 40 : left);
    try (OutputStream out = exchange.getResponseBody()) {
      int most =
          switch (fault) {
            case CUT -> left / 2;
            case STALLS -> 100;
            default -> left;
          };
      out.write(content, from, most);
      out.flush();
      if (fault == Fault.STALLS) {
        Thread.sleep(5_000);
      }
    } catch (IOException | InterruptedException _) {
      // Less than was announced, or the client has gone: both are wanted here.
    } finally {
      exchange.close();
    }
  }

  private static void reply(HttpExchange exchange, int status, String text) throws IOException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(body);
    }
  }

  @Override
  public void close() {
    front.stop(0);
    bytes.stop(0);
  }
}
