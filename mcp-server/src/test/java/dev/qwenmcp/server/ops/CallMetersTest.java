package dev.qwenmcp.server.ops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qwenmcp.engine.Usage;
import dev.qwenmcp.server.protocol.call.CallObserver;
import dev.qwenmcp.server.protocol.call.CallReport;
import dev.qwenmcp.server.protocol.call.ToolOutcome;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.List;
import org.junit.jupiter.api.Test;

class CallMetersTest {
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final CallMeters meters = new CallMeters(registry);

  private CallObserver.Observed call(String tool) {
    return meters.began(tool, ObservedCalls.request(ObservedCalls.arguments()));
  }

  @Test
  void callsAreCountedByToolAndOutcomeWithTheirTokens() {
    ObservedCalls.run(meters, "echo", ObservedCalls.arguments().put("text", "hello"));
    ObservedCalls.run(meters, "echo", ObservedCalls.arguments());
    call("generate").ended(ObservedCalls.cancelled());
    call("generate").refused();
    CallObserver.Observed running = call("generate");

    String text = registry.scrape();
    assertThat(text)
        .contains(
            "qwen_mcp_calls_seconds_count{outcome=\"ok\",tool=\"echo\"} 1",
            "qwen_mcp_calls_seconds_count{outcome=\"invalid_arguments\",tool=\"echo\"} 1",
            "qwen_mcp_calls_seconds_count{outcome=\"cancelled\",tool=\"generate\"} 1",
            "qwen_mcp_calls_seconds_count{outcome=\"busy\",tool=\"generate\"} 1",
            "qwen_mcp_calls_seconds_bucket{outcome=\"ok\",tool=\"echo\",le=\"60.0\"} 1",
            "qwen_mcp_tokens_total{kind=\"prompt\"} 100.0",
            "qwen_mcp_tokens_total{kind=\"cached\"} 60.0",
            "qwen_mcp_tokens_total{kind=\"generated\"} 20.0",
            "qwen_mcp_calls_running 1.0");
    running.ended(ObservedCalls.failed("busy"));
    assertThat(registry.scrape()).contains("qwen_mcp_calls_running 0.0");
  }

  @Test
  void labelsHaveFewValuesAndTellNothingOfCallers() {
    for (int i = 0; i < 1000; i++) {
      call("generate").ended(ObservedCalls.failed("code_" + i));
    }
    call("generate")
        .ended(new CallReport(new ToolOutcome.Failure("code_1", "secret"), false, Usage.NONE));

    List<String> counts =
        registry
            .scrape()
            .lines()
            .filter(line -> line.startsWith("qwen_mcp_calls_seconds_count"))
            .toList();
    assertThat(counts).hasSize(CallMeters.MOST_OUTCOMES + 1);
    assertThat(counts).anyMatch(line -> line.contains("outcome=\"other\""));
    assertThat(registry.scrape()).doesNotContain("ann", "secret", ObservedCalls.PARENT);
  }
}
