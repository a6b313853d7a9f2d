package dev.qwenmcp.server.ops;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.qwenmcp.server.protocol.call.CallRequest;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class CallSpansTest {
  @Test
  void eachCallIsASpanBelowTheClients() {
    InMemorySpanExporter exporter = InMemorySpanExporter.create();
    try (OpenTelemetrySdk sdk =
        OpenTelemetrySdk.builder()
            .setTracerProvider(
                SdkTracerProvider.builder()
                    .addSpanProcessor(SimpleSpanProcessor.create(exporter))
                    .build())
            .build()) {
      CallSpans spans = new CallSpans(sdk);
      ObservedCalls.run(spans, "echo", ObservedCalls.arguments().put("text", "a secret"));
      spans
          .began("generate", ObservedCalls.request(ObservedCalls.arguments()))
          .ended(ObservedCalls.cancelled());
      spans
          .began(
              "generate",
              new CallRequest(
                  "8", "x", ObservedCalls.arguments(), null, Map.of("traceparent", "nonsense")))
          .ended(ObservedCalls.failed("busy"));

      List<SpanData> seen = exporter.getFinishedSpanItems();
      assertThat(seen)
          .extracting(SpanData::getName)
          .containsExactly("tools/call echo", "tools/call generate", "tools/call generate");
      SpanData echo = seen.getFirst();
      assertThat(echo.getTraceId()).isEqualTo("0af7651916cd43dd8448eb211c80319c");
      assertThat(echo.getParentSpanId()).isEqualTo("b7ad6b7169203331");
      assertThat(echo.getKind()).isEqualTo(SpanKind.SERVER);
      assertThat(echo.getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
      assertThat(seen.toString()).doesNotContain("a secret", "token:ann");
      assertThat(seen.get(1).getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
      assertThat(seen.get(1).getAttributes().get(AttributeKey.stringKey("error.type")))
          .isEqualTo("cancelled");
      assertThat(
              seen.get(1).getAttributes().get(AttributeKey.longKey("gen_ai.usage.output_tokens")))
          .isEqualTo(20);
      assertThat(seen.get(2).getParentSpanContext().isValid()).isFalse();
    }
  }

  @Test
  void withoutACollectorNothingIsLoaded() {
    assertThat(Tracing.configured(null, Map.of())).isEmpty();
    assertThat(Tracing.configured("http://127.0.0.1:4318", Map.of("OTEL_SDK_DISABLED", "true")))
        .isEmpty();
  }

  @Test
  void spansReachACollector() throws Exception {
    BlockingQueue<String> received = new LinkedBlockingQueue<>();
    HttpServer collector = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    collector.createContext(
        "/v1/traces",
        exchange -> {
          received.add(
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.ISO_8859_1));
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    collector.start();
    try {
      String url = "http://127.0.0.1:" + collector.getAddress().getPort();
      try (Tracing tracing = Tracing.configured(url, Map.of()).orElseThrow()) {
        ObservedCalls.run(
            tracing.spans(), "echo", ObservedCalls.arguments().put("text", "a secret"));
      }
      String request = received.poll(10, TimeUnit.SECONDS);
      assertThat(request).contains("tools/call echo", "qwen-mcp").doesNotContain("a secret");
    } finally {
      collector.stop(0);
    }
  }
}
