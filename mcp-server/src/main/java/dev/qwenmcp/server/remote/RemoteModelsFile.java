package dev.qwenmcp.server.remote;

import dev.qwenmcp.server.remote.RemoteSettings.Secret;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/** The JSON file in which a user names remote models. */
public final class RemoteModelsFile {
  private static final int MOST_BYTES = 1 << 20;
  private static final int MOST_MODELS = 100;

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .build();

  private RemoteModelsFile() {}

  /** The file's content. */
  private record Content(List<Entry> models) {}

  /** One model; what may be left out is null. */
  private record Entry(
      String name,
      String model,
      List<String> baseUrls,
      String apiKeyEnv,
      String description,
      Integer contextTokens,
      List<String> languages,
      String licence,
      boolean thinking,
      Boolean groundedAnswers,
      Boolean jsonSchema,
      boolean samplingExtensions,
      boolean logprobs,
      boolean thinkingSwitch,
      Integer connectTimeoutSeconds,
      Integer firstTokenTimeoutSeconds,
      Integer idleTimeoutSeconds,
      Integer attempts) {}

  /**
   * Reads the file.
   *
   * @param environment where API keys are looked up
   * @throws IOException if it cannot be read or says what it must not; the message says where
   */
  public static List<RemoteSettings> read(Path file, Map<String, String> environment)
      throws IOException {
    if (Files.size(file) > MOST_BYTES) {
      throw new IOException(file + " is longer than a list of models can be");
    }
    Content content;
    try {
      content = JSON.readValue(Files.readString(file), Content.class);
    } catch (JacksonException e) {
      throw new IOException(
          file + " is no list of remote models: " + e.getOriginalMessage() + at(e), e);
    }
    if (content == null || content.models() == null || content.models().size() > MOST_MODELS) {
      throw new IOException(file + ": expected {\"models\": […]} with at most " + MOST_MODELS);
    }
    List<RemoteSettings> all = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (Entry entry : content.models()) {
      String where = file + ", model " + (entry.name() == null ? all.size() + 1 : entry.name());
      RemoteSettings settings = settings(entry, where, environment);
      if (!names.add(settings.name())) {
        throw new IOException(where + ": there are two models of this name");
      }
      all.add(settings);
    }
    return all;
  }

  private static String at(JacksonException e) {
    return e.getLocation() == null ? "" : " (line " + e.getLocation().getLineNr() + ")";
  }

  private static RemoteSettings settings(Entry entry, String where, Map<String, String> environment)
      throws IOException {
    require(
        entry.name() != null && entry.name().matches("[\\w.:/+-]{1,200}"),
        where,
        "name, of letters, digits and . : / + - _");
    require(
        entry.baseUrls() != null && !entry.baseUrls().isEmpty() && entry.baseUrls().size() <= 64,
        where,
        "base_urls, 1 to 64 of them");
    require(
        entry.contextTokens() != null && entry.contextTokens() >= 256,
        where,
        "context_tokens, the longest prompt and answer together that the server takes");
    List<URI> addresses = new ArrayList<>();
    for (String url : entry.baseUrls()) {
      addresses.add(address(url, where));
    }
    return new RemoteSettings(
        entry.name(),
        entry.model() == null ? entry.name() : entry.model(),
        addresses,
        key(entry, where, environment),
        new RemoteSettings.Abilities(
            entry.jsonSchema() == null || entry.jsonSchema(),
            entry.samplingExtensions(),
            entry.logprobs(),
            entry.thinkingSwitch()),
        new RemoteSettings.About(
            entry.description() == null ? "Runs elsewhere" : entry.description(),
            entry.contextTokens(),
            entry.languages() == null ? List.of() : entry.languages(),
            entry.licence() == null ? "" : entry.licence(),
            entry.thinking(),
            entry.groundedAnswers() == null || entry.groundedAnswers()),
        limits(entry, where));
  }

  private static RemoteSettings.Limits limits(Entry entry, String where) throws IOException {
    RemoteSettings.Limits standard = RemoteSettings.Limits.DEFAULT;
    int attempts = entry.attempts() == null ? standard.attempts() : entry.attempts();
    require(attempts >= 1 && attempts <= 10, where, "attempts from 1 to 10");
    return new RemoteSettings.Limits(
        seconds(entry.connectTimeoutSeconds(), standard.connect(), where),
        seconds(entry.firstTokenTimeoutSeconds(), standard.firstToken(), where),
        seconds(entry.idleTimeoutSeconds(), standard.idle(), where),
        attempts,
        standard.openFor());
  }

  private static Duration seconds(Integer given, Duration standard, String where)
      throws IOException {
    require(given == null || given >= 1 && given <= 3600, where, "timeouts from 1 to 3600 seconds");
    return given == null ? standard : Duration.ofSeconds(given);
  }

  private static URI address(String url, String where) throws IOException {
    try {
      URI uri = URI.create(url);
      require(
          Set.of("http", "https").contains(String.valueOf(uri.getScheme()))
              && uri.getHost() != null
              && uri.getUserInfo() == null
              && uri.getQuery() == null
              && uri.getFragment() == null,
          where,
          "base_urls such as http://host:8000/v1, without user, query or fragment");
      return uri;
    } catch (IllegalArgumentException e) {
      throw new IOException(where + ": " + url + " is no URL", e);
    }
  }

  private static Secret key(Entry entry, String where, Map<String, String> environment)
      throws IOException {
    if (entry.apiKeyEnv() == null) {
      return Secret.NONE;
    }
    String key = environment.getOrDefault(entry.apiKeyEnv(), "").strip();
    require(
        !key.isEmpty(),
        where,
        "the environment variable " + entry.apiKeyEnv() + " to be set, as api_key_env says");
    require(
        key.chars().allMatch(c -> c > ' ' && c < 127),
        where,
        "only printable ASCII in the environment variable " + entry.apiKeyEnv());
    return new Secret(key);
  }

  private static void require(boolean ok, String where, String expected) throws IOException {
    if (!ok) {
      throw new IOException(where + ": expected " + expected);
    }
  }
}
