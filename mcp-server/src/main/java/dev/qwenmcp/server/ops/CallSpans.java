package dev.qwenmcp.server.ops;

import dev.qwenmcp.server.protocol.call.CallObserver;
import dev.qwenmcp.server.protocol.call.CallReport;
import dev.qwenmcp.server.protocol.call.CallRequest;
import dev.qwenmcp.server.protocol.call.ToolOutcome;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.util.Map;

/**
 * A span for every call of a tool, below the span that the client named, with OpenTelemetry's names
 * for MCP and generative models; no contents.
 */
public final class CallSpans implements CallObserver {
  private static final AttributeKey<String> METHOD = AttributeKey.stringKey("mcp.method.name");
  private static final AttributeKey<String> TOOL = AttributeKey.stringKey("gen_ai.tool.name");
  private static final AttributeKey<String> REQUEST = AttributeKey.stringKey("jsonrpc.request.id");
  private static final AttributeKey<String> ERROR = AttributeKey.stringKey("error.type");
  private static final AttributeKey<Long> INPUT = AttributeKey.longKey("gen_ai.usage.input_tokens");
  private static final AttributeKey<Long> OUTPUT =
      AttributeKey.longKey("gen_ai.usage.output_tokens");
  private static final String CALL = "tools/call";
  private static final TextMapGetter<Map<String, String>> FIELDS =
      (fields, key) -> fields == null ? null : fields.get(key);

  private final Tracer tracer;

  /**
   * @param telemetry makes and sends spans
   */
  public CallSpans(OpenTelemetry telemetry) {
    this.tracer = telemetry.getTracer("dev.qwenmcp");
  }

  @Override
  public Observed began(String tool, CallRequest request) {
    Context parent =
        W3CTraceContextPropagator.getInstance().extract(Context.root(), request.trace(), FIELDS);
    Span span =
        tracer
            .spanBuilder(CALL + " " + tool)
            .setSpanKind(SpanKind.SERVER)
            .setParent(parent)
            .setAttribute(METHOD, CALL)
            .setAttribute(TOOL, tool)
            .setAttribute(REQUEST, request.requestId())
            .startSpan();
    return new Observed() {
      @Override
      public void ended(CallReport report) {
        if (report.usage().promptTokens() > 0) {
          span.setAttribute(INPUT, (long) report.usage().promptTokens());
          span.setAttribute(OUTPUT, (long) report.usage().generatedTokens());
        }
        if (report.cancelled()) {
          fail("cancelled");
        } else if (report.outcome() instanceof ToolOutcome.Failure failure) {
          fail(failure.code());
        }
        span.end();
      }

      @Override
      public void refused() {
        fail(Outcomes.BUSY);
        span.end();
      }

      private void fail(String code) {
        span.setAttribute(ERROR, code);
        span.setStatus(StatusCode.ERROR);
      }
    };
  }
}
