package dev.qwenmcp.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qwenmcp.server.transport.http.security.Grant;
import dev.qwenmcp.server.transport.http.security.StaticTokens;
import dev.qwenmcp.server.transport.http.security.TokenFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;

/** {@code qwen-mcp serve --http} as a process of its own, and clients of it. */
final class HttpProcess implements AutoCloseable {
  private static final Pattern SERVING =
      Pattern.compile("Serving MCP at (https?)://\\S+:(\\d+)/mcp");
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Process process;
  private final Path errors;
  private final Path folder;
  private final HttpClient client;
  private final String url;

  /**
   * Starts it and waits until it serves.
   *
   * @param folder for its data
   * @param trust for HTTPS, null for HTTP
   */
  HttpProcess(Path folder, SSLContext trust, String... flags) throws Exception {
    this.folder = folder;
    this.errors = folder.resolve("err");
    List<String> words =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "serve",
                "--data-dir",
                folder.resolve("data").toString()));
    words.addAll(List.of(flags));
    ProcessBuilder builder =
        new ProcessBuilder(words)
            .redirectOutput(folder.resolve("out").toFile())
            .redirectError(errors.toFile());
    builder.environment().remove("OTEL_EXPORTER_OTLP_ENDPOINT");
    this.process = builder.start();
    HttpClient.Builder http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1);
    this.client = (trust == null ? http : http.sslContext(trust)).build();
    this.url = awaitUrl();
  }

  private String awaitUrl() throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < deadline && process.isAlive()) {
      Matcher serving = SERVING.matcher(said());
      if (serving.find()) {
        return serving.group(1) + "://localhost:" + serving.group(2);
      }
      Thread.sleep(20);
    }
    throw new AssertionError("it does not serve: " + said());
  }

  /** What it wrote to standard error. */
  String said() throws IOException {
    return Files.readString(errors);
  }

  String url(String path) {
    return url + path;
  }

  /** Makes a token; the first one before the server starts, or it asks for none. */
  static String token(Path folder, String name, Grant grant) throws IOException {
    return StaticTokens.create(
        new TokenFile(folder.resolve("data")),
        name,
        Set.of(grant),
        new SecureRandom(),
        InstantSource.system());
  }

  HttpRequest.Builder request(String path, String token) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url(path)))
            .timeout(PATIENCE)
            .header("Content-Type", "application/json")
            .header("Accept", "application/json, text/event-stream");
    return token == null ? request : request.header("Authorization", "Bearer " + token);
  }

  HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  HttpResponse<InputStream> open(HttpRequest.Builder request) {
    try {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  HttpResponse<String> get(String path, String token) {
    return send(request(path, token).GET());
  }

  HttpResponse<String> post(String token, String body) {
    return send(request("/mcp", token).POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  @Override
  public void close() {
    client.shutdownNow();
    process.destroy();
    try {
      assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
          .as(errors.toString())
          .isTrue();
      assertThat(Files.size(folder.resolve("out"))).as("standard output").isZero();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
