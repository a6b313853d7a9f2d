package dev.qwenmcp.server.ops;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * OpenTelemetry, where the configuration names a collector; nothing of it is loaded elsewhere.
 *
 * <p>The environment is that of OpenTelemetry itself: {@code OTEL_EXPORTER_OTLP_ENDPOINT}, {@code
 * OTEL_SERVICE_NAME}, {@code OTEL_TRACES_SAMPLER} and so on. Spans alone are sent; metrics are at
 * {@code /metrics}.
 */
public final class Tracing implements AutoCloseable {
  private final OpenTelemetrySdk sdk;

  private Tracing(OpenTelemetrySdk sdk) {
    this.sdk = sdk;
  }

  /**
   * Begins to trace if a collector is named.
   *
   * @param endpoint of the collector, null for that of the environment
   * @param environment variables of the process
   */
  public static Optional<Tracing> configured(String endpoint, Map<String, String> environment) {
    boolean named =
        endpoint != null
            || environment.containsKey("OTEL_EXPORTER_OTLP_ENDPOINT")
            || environment.containsKey("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT");
    if (!named || "true".equalsIgnoreCase(environment.get("OTEL_SDK_DISABLED"))) {
      return Optional.empty();
    }
    Map<String, String> defaults = new HashMap<>();
    defaults.put("otel.service.name", "qwen-mcp");
    defaults.put("otel.traces.exporter", "otlp");
    defaults.put("otel.metrics.exporter", "none");
    defaults.put("otel.logs.exporter", "none");
    defaults.put("otel.exporter.otlp.protocol", "http/protobuf");
    return Optional.of(
        new Tracing(
            AutoConfiguredOpenTelemetrySdk.builder()
                .disableShutdownHook()
                .addPropertiesSupplier(() -> defaults)
                .addPropertiesCustomizer(properties ->
                    endpoint == null ? Map.of() : Map.of("otel.exporter.otlp.endpoint", endpoint))
                .build()
                .getOpenTelemetrySdk()));
  }

  /** Makes a span of every call. */
  public CallSpans spans() {
    return new CallSpans(sdk);
  }

  OpenTelemetry telemetry() {
    return sdk;
  }

  /** Sends what has not been sent, within seconds. */
  @Override
  public void close() {
    sdk.close();
  }
}
