package dev.qwenmcp.server.protocol.modern;

import dev.qwenmcp.server.protocol.InputRequiredException;
import dev.qwenmcp.server.protocol.MissingCapabilityException;
import dev.qwenmcp.server.protocol.TaskSupport;
import dev.qwenmcp.server.protocol.call.CallRequest;
import dev.qwenmcp.server.protocol.call.RegisteredTool;
import dev.qwenmcp.server.protocol.call.TooManyCallsException;
import dev.qwenmcp.server.protocol.call.ToolRegistry;
import dev.qwenmcp.server.protocol.call.ToolRunner;
import dev.qwenmcp.server.protocol.call.TraceFields;
import dev.qwenmcp.server.protocol.message.ProgressJson;
import dev.qwenmcp.server.protocol.message.ToolJson;
import dev.qwenmcp.server.transport.RpcError;
import dev.qwenmcp.server.transport.RpcException;
import java.util.Optional;
import reactor.core.publisher.Mono;
import tools.jackson.databind.node.ObjectNode;

/** The methods that begin with {@code tools/}. */
final class ToolMethods {
  private final ToolRegistry registry;
  private final ToolRunner runner;
  private final RequestState state;
  private final Optional<TaskMethods> tasks;

  /**
   * @param tasks where calls go that may go on without the client
   */
  ToolMethods(
      ToolRegistry registry, ToolRunner runner, RequestState state, Optional<TaskMethods> tasks) {
    this.registry = registry;
    this.runner = runner;
    this.state = state;
    this.tasks = tasks;
  }

  ObjectNode list() {
    return CacheHint.FIXED.on(ToolJson.list(registry.tools()));
  }

  Mono<ObjectNode> call(ModernRequest request) {
    String name = request.string("name");
    RegisteredTool<?, ?> tool =
        registry
            .find(name)
            .orElseThrow(() ->
                ModernError.invalid(
                    "no tool has this name; the tools are " + String.join(", ", registry.names())));
    ObjectNode arguments = request.object("arguments");
    Attempt attempt = Attempt.of(request, state, name, arguments);
    CallRequest call = callRequest(request, arguments, attempt.client());
    Mono<ObjectNode> answer;
    if (tool.tasks() != TaskSupport.NONE
        && tasks.isPresent()
        && request.meta().declaresExtension(ModernProtocol.TASKS)) {
      answer = tasks.get().begin(request, tool, call, attempt.client());
    } else if (tool.tasks() == TaskSupport.REQUIRED) {
      throw ModernError.missingExtension(ModernProtocol.TASKS);
    } else {
      answer = runner.run(tool, call).map(ToolJson::result);
    }
    return answer
        .onErrorResume(InputRequiredException.class, e -> Mono.just(attempt.incomplete(e)))
        .onErrorMap(
            MissingCapabilityException.class, e -> ModernError.missingCapability(e.capability()))
        .onErrorMap(
            TooManyCallsException.class, e -> new RpcException(RpcError.BUSY, e.getMessage()));
  }

  private static CallRequest callRequest(
      ModernRequest request, ObjectNode arguments, ReplayedAnswers client) {
    return new CallRequest(
        request.message().id().toString(),
        request.principal(),
        arguments.deepCopy(),
        ProgressJson.sink(
            request.meta().progressToken(),
            params -> request.peer().notify(ProgressJson.METHOD, params)),
        TraceFields.of(request.params().get("_meta"), request.peer().trace()),
        client);
  }
}
