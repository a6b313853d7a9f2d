package dev.qwenmcp.server.hub;

import dev.qwenmcp.server.hub.HubException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProxySelector;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Requests to a hub: the token goes to the hub's own address and to nobody it redirects to; proxies
 * are those of the JDK's settings.
 */
final class HubHttp implements AutoCloseable {
  private static final int MOST_REDIRECTS = 10;
  private static final int MOST_JSON_BYTES = 32 << 20;
  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
  private static final JsonMapper JSON = JsonMapper.shared();

  private final URI base;
  private final String token;
  private final HubSettings settings;
  private final HttpClient client;

  /**
   * @param base address of the hub
   * @param token of the user, empty for none
   */
  HubHttp(URI base, String token, HubSettings settings) {
    this.base = base;
    this.token = token;
    this.settings = settings;
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .connectTimeout(settings.connect())
            .followRedirects(HttpClient.Redirect.NEVER);
    ProxySelector proxies = ProxySelector.getDefault();
    if (proxies != null) {
      builder.proxy(proxies);
    }
    this.client = builder.build();
  }

  HubSettings settings() {
    return settings;
  }

  /**
   * A JSON answer.
   *
   * @param link the header of this name, empty if there is none
   */
  record Json(JsonNode body, String link) {}

  /**
   * Fetches JSON, again where that may help.
   *
   * @param repository for the message
   */
  Json json(URI uri, String repository) throws HubException, InterruptedException {
    Pauses pauses = new Pauses(settings);
    while (true) {
      try {
        HttpResponse<InputStream> response = open(uri, Map.of("Accept", "application/json"));
        try (InputStream in = response.body()) {
          if (response.statusCode() == 200) {
            byte[] bytes = in.readNBytes(MOST_JSON_BYTES);
            return new Json(JSON.readTree(bytes), response.headers().firstValue("Link").orElse(""));
          }
          HubException failure = failure(response, repository);
          pauses.before(failure, retryAfter(response));
        }
      } catch (JacksonException e) {
        throw new HubException(
            Kind.MALFORMED, shown(uri) + " sent what is no JSON; check the hub's address", e);
      } catch (IOException e) {
        pauses.before(broken(uri, e), Duration.ZERO);
      }
    }
  }

  /**
   * Opens a URI, following redirects; the answer may have any other status.
   *
   * @throws IOException if nobody answers
   */
  HttpResponse<InputStream> open(URI uri, Map<String, String> headers)
      throws IOException, HubException, InterruptedException {
    URI at = uri;
    for (int i = 0; i <= MOST_REDIRECTS; i++) {
      HttpRequest.Builder request = HttpRequest.newBuilder(at).timeout(settings.answer()).GET();
      request.header("User-Agent", "qwen-mcp");
      headers.forEach(request::header);
      if (!token.isEmpty() && sameOrigin(base, at)) {
        request.header("Authorization", "Bearer " + token);
      }
      HttpResponse<InputStream> response =
          client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
      if (!REDIRECTS.contains(response.statusCode())) {
        return response;
      }
      response.body().close();
      at = target(at, response.headers().firstValue("Location").orElse(""));
    }
    throw new HubException(
        Kind.MALFORMED, shown(uri) + " redirects more than " + MOST_REDIRECTS + " times");
  }

  private static URI target(URI from, String location) throws HubException {
    URI to = uri(from.resolve(uri(location).toString()).toString());
    boolean http = "http".equals(to.getScheme()) || "https".equals(to.getScheme());
    if (location.isEmpty() || !http || to.getHost() == null) {
      throw new HubException(Kind.MALFORMED, shown(from) + " redirects to what is no web address");
    }
    if (from.getScheme().equals("https") && to.getScheme().equals("http")) {
      throw new HubException(
          Kind.MALFORMED,
          shown(from) + " redirects from https to http, where anybody could answer");
    }
    return to;
  }

  /** What a status that is no success means; the body is not used up. */
  HubException failure(HttpResponse<InputStream> response, String what) throws IOException {
    int status = response.statusCode();
    String host = shown(response.uri());
    return switch (status) {
      case 401, 403 ->
          new HubException(
              Kind.UNAUTHORISED,
              token.isEmpty()
                  ? "%s does not give %s to everybody (%d): accept its terms on the hub, and set HF_TOKEN or MODELSCOPE_API_TOKEN"
                      .formatted(host, what, status)
                  : "%s does not give %s to the owner of this token (%d): check HF_TOKEN or MODELSCOPE_API_TOKEN, and accept the model's terms on the hub"
                      .formatted(host, what, status));
      case 404, 410 ->
          new HubException(
              Kind.NOT_FOUND,
              "%s has no %s; check the name, and whether it needs a token".formatted(host, what));
      default -> {
        byte[] said = response.body().readNBytes(1000);
        yield new HubException(
            status == 429 || status >= 500 ? Kind.UNREACHABLE : Kind.MALFORMED,
            "%s answered %d for %s: %s"
                .formatted(
                    host, status, what, shortened(new String(said, StandardCharsets.UTF_8))));
      }
    };
  }

  /** A connection that did not stand or broke. */
  static HubException broken(URI uri, IOException e) {
    return new HubException(
        Kind.UNREACHABLE,
        "%s cannot be reached or broke off (%s); check the network and the proxy settings"
            .formatted(
                shown(uri), e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage()),
        e);
  }

  /** What a server asks to wait, zero if nothing. */
  static Duration retryAfter(HttpResponse<?> response) {
    String value = response.headers().firstValue("Retry-After").orElse("").strip();
    if (value.matches("\\d{1,9}")) {
      return Duration.ofSeconds(Long.parseLong(value));
    }
    try {
      Duration wait =
          Duration.between(
              Instant.now(),
              ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
      return wait.isNegative() ? Duration.ZERO : wait;
    } catch (DateTimeParseException _) {
      return Duration.ZERO;
    }
  }

  /** Scheme, host and port are the same. */
  static boolean sameOrigin(URI a, URI b) {
    return a.getScheme().equalsIgnoreCase(b.getScheme())
        && a.getHost().equalsIgnoreCase(b.getHost())
        && port(a) == port(b);
  }

  private static int port(URI uri) {
    if (uri.getPort() >= 0) {
      return uri.getPort();
    }
    return uri.getScheme().equalsIgnoreCase("https") ? 443 : 80;
  }

  static URI uri(String text) throws HubException {
    try {
      return URI.create(text);
    } catch (IllegalArgumentException e) {
      throw new HubException(Kind.MALFORMED, "a hub sent an address that is none", e);
    }
  }

  static URI under(URI base, String path) {
    String root = base.toString();
    return URI.create((root.endsWith("/") ? root.substring(0, root.length() - 1) : root) + path);
  }

  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  static String encodedPath(String path) {
    return Stream.of(path.split("/")).map(HubHttp::encoded).collect(Collectors.joining("/"));
  }

  /** A SHA-256 in lower case, empty if the text is none. */
  static String checksum(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    String digits = lower.startsWith("sha256:") ? lower.substring(7) : lower;
    return digits.matches("[0-9a-f]{64}") ? digits : "";
  }

  static String shown(URI uri) {
    return uri.getHost() + (uri.getPort() < 0 ? "" : ":" + uri.getPort());
  }

  static String shortened(String text) {
    String line = text.replaceAll("\\p{Cntrl}+", " ").strip();
    return line.length() <= 200 ? line : line.substring(0, 200) + "…";
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
