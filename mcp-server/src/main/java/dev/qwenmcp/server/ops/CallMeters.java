package dev.qwenmcp.server.ops;

import dev.qwenmcp.server.protocol.call.CallObserver;
import dev.qwenmcp.server.protocol.call.CallReport;
import dev.qwenmcp.server.protocol.call.CallRequest;
import dev.qwenmcp.server.transport.http.security.Refusal;
import dev.qwenmcp.server.transport.http.security.RefusalListener;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts calls by tool and outcome, with their durations, and the tokens of models.
 *
 * <p>Labels have few values, whatever callers do: tools are those of the server, outcomes the codes
 * of its errors, and beyond {@link #MOST_OUTCOMES} they are all {@code other}. No principal and
 * nothing of a call's content becomes a label.
 */
public final class CallMeters implements CallObserver, RefusalListener {
  static final int MOST_OUTCOMES = 64;

  private static final String OTHER = "other";
  private static final Duration[] BOUNDS = {
    Duration.ofMillis(1),
    Duration.ofMillis(10),
    Duration.ofMillis(100),
    Duration.ofSeconds(1),
    Duration.ofSeconds(10),
    Duration.ofSeconds(60)
  };

  private final MeterRegistry registry;
  private final AtomicInteger running;
  private final Set<String> outcomes = ConcurrentHashMap.newKeySet();
  private final Counter prompt;
  private final Counter cached;
  private final Counter generated;

  public CallMeters(MeterRegistry registry) {
    this.registry = registry;
    this.running = registry.gauge("qwen.mcp.calls.running", new AtomicInteger());
    this.prompt = tokens("prompt");
    this.cached = tokens("cached");
    this.generated = tokens("generated");
  }

  private Counter tokens(String kind) {
    return Counter.builder("qwen.mcp.tokens")
        .description("Tokens of calls: of prompts, of these found in the cache, and written")
        .tag("kind", kind)
        .register(registry);
  }

  @Override
  public Observed began(String tool, CallRequest request) {
    Timer.Sample begin = Timer.start(registry);
    running.incrementAndGet();
    return new Observed() {
      @Override
      public void ended(CallReport report) {
        running.decrementAndGet();
        prompt.increment(report.usage().promptTokens());
        cached.increment(report.usage().cachedTokens());
        generated.increment(report.usage().generatedTokens());
        begin.stop(timer(tool, report.cancelled() ? "cancelled" : Outcomes.word(report.outcome())));
      }

      @Override
      public void refused() {
        running.decrementAndGet();
        begin.stop(timer(tool, Outcomes.BUSY));
      }
    };
  }

  private Timer timer(String tool, String outcome) {
    return Timer.builder("qwen.mcp.calls")
        .description("Calls of tools, with the time from their arrival to their end")
        .tag("tool", tool)
        .tag("outcome", bounded(outcome))
        .serviceLevelObjectives(BOUNDS)
        .register(registry);
  }

  private String bounded(String outcome) {
    if (outcomes.contains(outcome)) {
      return outcome;
    }
    synchronized (outcomes) {
      return outcomes.size() < MOST_OUTCOMES && outcomes.add(outcome) ? outcome : OTHER;
    }
  }

  @Override
  public void refused(Refusal refusal, String principal, String address) {
    Counter.builder("qwen.mcp.http.refused")
        .description("Requests over HTTP that went no further")
        .tag("reason", Outcomes.word(refusal.kind()))
        .register(registry)
        .increment();
  }
}
