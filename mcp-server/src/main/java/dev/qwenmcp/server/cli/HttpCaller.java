package dev.qwenmcp.server.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Sends JSON-RPC requests over HTTP, one at a time, in the newer way or the older one. */
abstract class HttpCaller implements AutoCloseable {
  private static final String DATA = "data: ";
  private static final String VERSION = "2025-11-25";

  final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  /** Sends a message and gives the answer to it; nothing for one that has no answer. */
  abstract JsonNode exchange(String message) throws IOException, InterruptedException, CliException;

  @Override
  public void close() {
    client.shutdownNow();
  }

  private static HttpRequest.Builder post(URI uri, String message) {
    return HttpRequest.newBuilder(uri)
        .header("Content-Type", "application/json")
        .header("Accept", "application/json, text/event-stream")
        .POST(HttpRequest.BodyPublishers.ofString(message));
  }

  /** Streamable HTTP: the answer is that of the POST. */
  static HttpCaller streamable(URI uri) {
    return new HttpCaller() {
      private String session;

      @Override
      JsonNode exchange(String message) throws IOException, InterruptedException, CliException {
        HttpRequest.Builder request = post(uri, message);
        if (session != null) {
          request.header("Mcp-Session-Id", session).header("MCP-Protocol-Version", VERSION);
        }
        HttpResponse<String> response =
            client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        if (session == null) {
          session = response.headers().firstValue("Mcp-Session-Id").orElse(null);
        }
        String body = response.body();
        if (body.isEmpty()) {
          return null;
        }
        int data = body.startsWith("{") ? 0 : body.lastIndexOf(DATA) + DATA.length();
        return JsonMapper.shared().readTree(body.substring(data).strip());
      }
    };
  }

  /** The older HTTP: answers come on a stream that was opened before. */
  static HttpCaller older(URI streamable) throws IOException, InterruptedException {
    OlderCaller caller = new OlderCaller();
    caller.open(streamable.resolve("/sse"));
    return caller;
  }

  private static final class OlderCaller extends HttpCaller {
    private BufferedReader events;
    private URI messages;

    void open(URI uri) throws IOException, InterruptedException {
      HttpResponse<InputStream> response =
          client.send(
              HttpRequest.newBuilder(uri).header("Accept", "text/event-stream").build(),
              HttpResponse.BodyHandlers.ofInputStream());
      events = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
      messages = uri.resolve(data());
    }

    private String data() throws IOException {
      String line = events.readLine();
      while (line != null && !line.startsWith(DATA)) {
        line = events.readLine();
      }
      if (line == null) {
        throw new IOException("the server closed the stream");
      }
      return line.substring(DATA.length());
    }

    @Override
    JsonNode exchange(String message) throws IOException, InterruptedException {
      client.send(post(messages, message).build(), HttpResponse.BodyHandlers.discarding());
      return message.contains("\"id\"") ? JsonMapper.shared().readTree(data()) : null;
    }
  }
}
