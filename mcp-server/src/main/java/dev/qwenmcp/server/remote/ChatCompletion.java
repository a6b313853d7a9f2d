package dev.qwenmcp.server.remote;

import dev.qwenmcp.engine.Cancellation;
import dev.qwenmcp.engine.FinishReason;
import dev.qwenmcp.server.remote.RemoteException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** One request to one address. */
final class ChatCompletion {
  /** Of an error's text and of an answer that is not streamed. */
  private static final int MOST_BODY_BYTES = 16 << 20;

  private static final Duration MOST_RETRY_AFTER = Duration.ofSeconds(30);

  private final HttpClient client;
  private final RemoteSettings settings;

  ChatCompletion(HttpClient client, RemoteSettings settings) {
    this.client = client;
    this.settings = settings;
  }

  /**
   * Asks, and reads the answer as it comes.
   *
   * @param left of the call's time budget; what has come by its end is the answer
   * @throws FailedAttempt if there is none
   * @throws InterruptedException if cancelled
   */
  RemoteReply run(
      Address address,
      RemoteRequest request,
      RemoteListener listener,
      Cancellation cancellation,
      Duration left)
      throws FailedAttempt, InterruptedException {
    ReplyReader reader = new ReplyReader(address.shown(), listener);
    try (StreamGuard guard = new StreamGuard(cancellation, left, settings.limits().firstToken())) {
      try {
        HttpResponse<InputStream> response = send(address, request, guard);
        try (InputStream body = response.body()) {
          guard.guard(() -> close(body));
          check(address, response, body);
          return read(response, body, reader, guard);
        }
      } catch (RemoteException e) {
        throw new FailedAttempt(e, reader.begun(), Duration.ZERO);
      } catch (IOException | CompletionException | CancellationException e) {
        return afterBreak(address, reader, guard, e);
      }
    }
  }

  private HttpResponse<InputStream> send(Address address, RemoteRequest request, StreamGuard guard)
      throws InterruptedException {
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(address.chatCompletions())
            .header("Content-Type", "application/json")
            .header("Accept", "text/event-stream, application/json")
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    RequestBody.of(settings, request), StandardCharsets.UTF_8));
    if (!settings.apiKey().isEmpty()) {
      builder.header("Authorization", "Bearer " + settings.apiKey().value());
    }
    CompletableFuture<HttpResponse<InputStream>> sent =
        client.sendAsync(builder.build(), HttpResponse.BodyHandlers.ofInputStream());
    guard.guard(() -> sent.cancel(true));
    return sent.join();
  }

  private RemoteReply read(
      HttpResponse<InputStream> response, InputStream body, ReplyReader reader, StreamGuard guard)
      throws IOException, RemoteException {
    String type = response.headers().firstValue("Content-Type").orElse("");
    if (type.startsWith("application/json")) {
      reader.accept(text(body));
      return reader.reply();
    }
    EventReader events = new EventReader(body);
    for (Optional<String> event = events.next(); event.isPresent(); event = events.next()) {
      guard.alive(settings.limits().idle());
      if (event.get().strip().equals(ReplyReader.DONE)) {
        break;
      }
      reader.accept(event.get());
    }
    if (guard.reason().isPresent()) {
      throw new IOException("broken off");
    }
    return reader.reply();
  }

  /** What the end of a connection means. */
  private RemoteReply afterBreak(
      Address address, ReplyReader reader, StreamGuard guard, Exception e)
      throws FailedAttempt, InterruptedException {
    Optional<StreamGuard.Reason> reason = guard.reason();
    if (reason.isPresent()) {
      switch (reason.get()) {
        case CANCELLED -> throw new InterruptedException("the call was cancelled");
        case TIME -> {
          return reader.reply(FinishReason.TIME);
        }
        case IDLE ->
            throw new FailedAttempt(
                new RemoteException(
                    Kind.TIMEOUT,
                    reader.begun()
                        ? "%s sent nothing more for %d s in the middle of an answer"
                            .formatted(address.shown(), settings.limits().idle().toSeconds())
                        : "%s sent nothing for %d s"
                            .formatted(
                                address.shown(), settings.limits().firstToken().toSeconds())),
                reader.begun(),
                Duration.ZERO);
      }
    }
    Throwable cause = e instanceof CompletionException && e.getCause() != null ? e.getCause() : e;
    throw new FailedAttempt(failure(address, cause), reader.begun(), Duration.ZERO);
  }

  private RemoteException failure(Address address, Throwable cause) {
    return switch (cause) {
      case EventReader.EventTooLongException _ ->
          new RemoteException(
              Kind.MALFORMED, address.shown() + " sent " + cause.getMessage(), cause);
      case HttpConnectTimeoutException _ ->
          new RemoteException(
              Kind.UNREACHABLE,
              "%s did not accept a connection within %d s"
                  .formatted(address.shown(), settings.limits().connect().toSeconds()),
              cause);
      case ConnectException _ ->
          new RemoteException(
              Kind.UNREACHABLE,
              address.shown() + " accepts no connections; is the server up?",
              cause);
      case UncheckedIOException wrapped -> failure(address, wrapped.getCause());
      default ->
          new RemoteException(
              Kind.MALFORMED,
              "the connection to %s broke: %s"
                  .formatted(
                      address.shown(),
                      cause.getMessage() == null ? cause.toString() : cause.getMessage()),
              cause);
    };
  }

  private static void check(Address address, HttpResponse<InputStream> response, InputStream body)
      throws IOException, FailedAttempt {
    int status = response.statusCode();
    if (status == 200) {
      return;
    }
    String said = ReplyReader.shortened(text(body));
    Kind kind =
        switch (status) {
          case 401, 403 -> Kind.UNAUTHORISED;
          case 429, 503 -> Kind.BUSY;
          case 408, 504 -> Kind.TIMEOUT;
          default -> status >= 500 ? Kind.UNREACHABLE : Kind.REFUSED;
        };
    String remedy =
        kind == Kind.UNAUTHORISED ? "; check the environment variable that api_key_env names" : "";
    throw new FailedAttempt(
        new RemoteException(
            kind, "%s answered %d: %s%s".formatted(address.shown(), status, said, remedy)),
        false,
        retryAfter(response));
  }

  private static Duration retryAfter(HttpResponse<?> response) {
    String value = response.headers().firstValue("Retry-After").orElse("");
    if (!value.matches("\\d{1,6}")) {
      return Duration.ZERO; // a date is no use without knowing the server's clock
    }
    Duration wait = Duration.ofSeconds(Long.parseLong(value));
    return wait.compareTo(MOST_RETRY_AFTER) > 0 ? MOST_RETRY_AFTER : wait;
  }

  private static String text(InputStream body) throws IOException {
    return new String(body.readNBytes(MOST_BODY_BYTES), StandardCharsets.UTF_8);
  }

  private static void close(InputStream body) {
    try {
      body.close();
    } catch (IOException _) {
      // It was to end.
    }
  }
}
