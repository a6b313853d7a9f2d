package dev.qwenmcp.server.web;

import dev.qwenmcp.server.model.ModelActivity;
import dev.qwenmcp.server.model.ModelHost;
import dev.qwenmcp.server.model.ModelInfo;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * {@code /api/models}: the models. {@code /api/server}: the same with what they are doing for all
 * callers, and the process, for those who may see how the whole server fares.
 */
final class ModelsApi {
  static final String SERVER = "/api/server";

  private final ModelHost host;
  private final String version;
  private final InstantSource clock;
  private final Instant started;

  ModelsApi(ModelHost host, String version, InstantSource clock) {
    this.host = host;
    this.version = version;
    this.clock = clock;
    this.started = clock.instant();
  }

  /**
   * The models.
   *
   * @param version of the program
   * @param models the default first
   */
  record Models(String version, List<Model> models) {}

  /**
   * The server as a whole.
   *
   * @param version of the program
   * @param uptimeSeconds since it began to serve
   * @param processors of the machine
   * @param heapBytes used by Java objects
   * @param maxHeapBytes most that they may use
   * @param models the default first
   */
  record Server(
      String version,
      double uptimeSeconds,
      int processors,
      long heapBytes,
      long maxHeapBytes,
      List<Model> models) {}

  /**
   * A model.
   *
   * @param state {@code available}, {@code loading}, {@code ready} or {@code failed}
   * @param detail why it failed, else empty
   * @param memoryBytes what it takes of the budget, null where that is not told
   * @param activity what it is doing, null where it does nothing or that is not told
   */
  record Model(
      String name,
      String kind,
      String description,
      String architecture,
      long parameters,
      String quantisation,
      long fileBytes,
      int contextTokens,
      String licence,
      String state,
      String detail,
      boolean isDefault,
      Long memoryBytes,
      ModelActivity activity) {

    static Model of(ModelInfo info, Long memoryBytes, ModelActivity activity) {
      return new Model(
          info.name(),
          word(info.kind()),
          info.description(),
          info.architecture(),
          info.parameters(),
          info.quantisation(),
          info.fileBytes(),
          info.contextTokens(),
          info.licence(),
          word(info.state()),
          info.detail(),
          info.isDefault(),
          memoryBytes,
          activity);
    }

    private static String word(Enum<?> constant) {
      return constant.name().toLowerCase(Locale.ROOT);
    }
  }

  Map<String, ApiAnswer> answers() {
    return Map.of("/api/models", _ -> models(), SERVER, _ -> server());
  }

  private Models models() {
    return new Models(
        version, host.models().stream().map(info -> Model.of(info, null, null)).toList());
  }

  private Server server() {
    Map<String, ModelActivity> active =
        host.activity().stream()
            .collect(Collectors.toMap(ModelActivity::model, Function.identity()));
    Runtime runtime = Runtime.getRuntime();
    return new Server(
        version,
        Duration.between(started, clock.instant()).toMillis() / 1000.0,
        runtime.availableProcessors(),
        runtime.totalMemory() - runtime.freeMemory(),
        runtime.maxMemory(),
        host.models().stream()
            .map(info -> Model.of(info, info.memoryBytes(), active.get(info.name())))
            .toList());
  }
}
