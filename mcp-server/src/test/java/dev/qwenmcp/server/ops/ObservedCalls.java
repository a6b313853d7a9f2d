package dev.qwenmcp.server.ops;

import dev.qwenmcp.engine.Usage;
import dev.qwenmcp.server.endpoint.ToyTools;
import dev.qwenmcp.server.protocol.call.CallLimits;
import dev.qwenmcp.server.protocol.call.CallObserver;
import dev.qwenmcp.server.protocol.call.CallReport;
import dev.qwenmcp.server.protocol.call.CallRequest;
import dev.qwenmcp.server.protocol.call.ToolOutcome;
import dev.qwenmcp.server.protocol.call.ToolRegistry;
import dev.qwenmcp.server.protocol.call.ToolRunner;
import java.time.Duration;
import java.util.Map;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Calls as observers see them. */
final class ObservedCalls {
  static final String PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  static final Usage USAGE = new Usage(100, 60, 0, 20, 0.1, 0.2);

  private ObservedCalls() {}

  static ObjectNode arguments() {
    return JsonNodeFactory.instance.objectNode();
  }

  static CallRequest request(ObjectNode arguments) {
    return new CallRequest("7", "token:ann", arguments, null, Map.of("traceparent", PARENT));
  }

  /** Runs toy tools under an observer; the outcome was observed when this returns. */
  static ToolOutcome run(CallObserver observer, String tool, ObjectNode arguments) {
    ToolRunner runner = new ToolRunner(CallLimits.running(4), Schedulers.parallel(), observer);
    return runner
        .run(new ToolRegistry(new ToyTools().all()).find(tool).orElseThrow(), request(arguments))
        .block(Duration.ofSeconds(10));
  }

  static CallReport failed(String code) {
    return new CallReport(new ToolOutcome.Failure(code, "why"), false, Usage.NONE);
  }

  static CallReport cancelled() {
    return new CallReport(new ToolOutcome.Failure("cancelled", "given up"), true, USAGE);
  }
}
