package dev.qwenmcp.server.endpoint;

import static dev.qwenmcp.server.endpoint.HttpHarness.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.qwenmcp.server.protocol.Prompts;
import dev.qwenmcp.server.protocol.Resources;
import dev.qwenmcp.server.protocol.ToolException;
import dev.qwenmcp.server.transport.http.StreamableLimits;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What a session hears that answers nothing, on the stream of its GET. */
class HttpNoticesTest {
  private static final String SUBSCRIBE =
      "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"resources/subscribe\","
          + "\"params\":{\"uri\":\"toy://one\"}}";

  /** One resource, which changes when the test says so. */
  private static final class ToyResources implements Resources {
    private final List<Consumer<List<String>>> watching = new CopyOnWriteArrayList<>();

    void change() {
      watching.forEach(watch -> watch.accept(List.of("toy://one")));
    }

    @Override
    public List<Template> templates() {
      return List.of();
    }

    @Override
    public Page list(String principal, String cursor) {
      return new Page(List.of(), "");
    }

    @Override
    public List<Content> read(String principal, String uri) throws ToolException {
      throw Resources.notFound(uri);
    }

    @Override
    public void requireWatchable(String principal, String uri) {
      // Everything is.
    }

    @Override
    public Watch watch(String principal, Consumer<List<String>> changed, Runnable anything) {
      watching.add(changed);
      return () -> watching.remove(changed);
    }
  }

  private final ToyResources resources = new ToyResources();

  private HttpHarness serve() {
    return new HttpHarness(
        new McpService(
            new ToyTools().all(), resources, Prompts.NONE, EndpointSettings.standard("test")),
        StreamableLimits.DEFAULT,
        List.of());
  }

  private static HttpResponse<InputStream> get(HttpHarness server, String lastEvent) {
    HttpRequest.Builder request = server.request().GET();
    if (lastEvent != null) {
      request.header("Last-Event-ID", lastEvent);
    }
    return server.open(request.build());
  }

  private static BufferedReader events(HttpResponse<InputStream> response) {
    return new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
  }

  private static String next(BufferedReader events, String begin) throws IOException {
    for (String line = events.readLine(); line != null; line = events.readLine()) {
      if (line.startsWith(begin)) {
        return line.substring(begin.length());
      }
    }
    return null;
  }

  @Test
  void hearsOfChangesBeforeAndWhileItListens() throws IOException {
    try (HttpHarness server = serve().initialized()) {
      server.post(SUBSCRIBE);
      resources.change();

      BufferedReader events = events(get(server, null));
      assertThat(next(events, "data: ")).contains("notifications/resources/updated", "toy://one");
      resources.change();
      assertThat(next(events, "data: ")).contains("toy://one");
    }
  }

  @Test
  void goesOnBehindTheLastEventThatItHas() throws IOException {
    try (HttpHarness server = serve().initialized()) {
      server.post(SUBSCRIBE);
      resources.change();
      BufferedReader events = events(get(server, null));
      String first = next(events, "id: ");
      resources.change();
      String second = next(events, "id: ");

      BufferedReader again = events(get(server, first));

      assertThat(next(again, "id: ")).isEqualTo(second);
      assertThat(next(events, "id: ")).as("the stream before ends").isNull();
    }
  }

  @Test
  void watchesNothingForASessionThatHasEnded() {
    try (HttpHarness server = serve().initialized()) {
      server.post(SUBSCRIBE);
      assertThat(resources.watching).hasSize(1);

      server.send(server.request().DELETE().build());

      await("the watch has ended", () -> resources.watching.isEmpty());
    }
  }
}
