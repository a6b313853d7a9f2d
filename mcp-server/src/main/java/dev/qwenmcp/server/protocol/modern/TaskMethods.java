package dev.qwenmcp.server.protocol.modern;

import dev.qwenmcp.engine.Cancellation;
import dev.qwenmcp.server.job.Job;
import dev.qwenmcp.server.job.JobEnding;
import dev.qwenmcp.server.job.JobOrder;
import dev.qwenmcp.server.job.Jobs;
import dev.qwenmcp.server.protocol.ToolException;
import dev.qwenmcp.server.protocol.call.CallRequest;
import dev.qwenmcp.server.protocol.call.RegisteredTool;
import dev.qwenmcp.server.protocol.call.ToolOutcome;
import dev.qwenmcp.server.protocol.call.ToolRunner;
import dev.qwenmcp.server.protocol.message.ToolJson;
import dev.qwenmcp.server.transport.RpcError;
import dev.qwenmcp.server.transport.RpcException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The extension {@code io.modelcontextprotocol/tasks}: calls that go on without the client, as
 * {@link Jobs}.
 */
final class TaskMethods {
  static final Set<String> ALL = Set.of("tasks/get", "tasks/update", "tasks/cancel");

  /** Who ends sooner answers at once, and costs no polling. */
  private static final Duration MOMENT = Duration.ofMillis(300);

  private final Jobs jobs;
  private final ToolRunner runner;
  private final Scheduler threads;

  /**
   * @param threads where jobs are read, which may wait for a disk
   */
  TaskMethods(Jobs jobs, ToolRunner runner, Scheduler threads) {
    this.jobs = jobs;
    this.runner = runner;
    this.threads = threads;
  }

  Jobs jobs() {
    return jobs;
  }

  /** Makes a task of a call, once the tool knows what it has to know beforehand. */
  Mono<ObjectNode> begin(
      ModernRequest request, RegisteredTool<?, ?> tool, CallRequest call, ReplayedAnswers client) {
    return runner
        .prepare(tool, call)
        .flatMap(wrong ->
            wrong
                .<Mono<ObjectNode>>map(failure -> Mono.just(ToolJson.result(failure)))
                .orElseGet(() ->
                    Mono.fromCallable(() -> started(request, tool, call, client))
                        .subscribeOn(threads)));
  }

  private ObjectNode started(
      ModernRequest request, RegisteredTool<?, ?> tool, CallRequest call, ReplayedAnswers client)
      throws InterruptedException {
    Map<String, ObjectNode> known = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> each : client.used().properties()) {
      known.put(each.getKey(), (ObjectNode) each.getValue());
    }
    String principal = request.principal();
    try {
      Job job = jobs.start(new JobOrder(principal, tool, call.arguments(), client::answers, known));
      job = jobs.await(principal, job.id(), MOMENT, _ -> {}, new Cancellation());
      if (job.state().ended() && job.ending().orElseThrow() instanceof JobEnding.Result ended) {
        jobs.forget(principal, job.id());
        return ended.result();
      }
      ObjectNode task = TaskJson.summary(job);
      return task.put("resultType", "task");
    } catch (ToolException e) {
      return ToolJson.result(new ToolOutcome.Failure(e.code(), e.getMessage()));
    }
  }

  /** Answers one of {@link #ALL}. */
  ObjectNode answer(ModernRequest request) {
    if (!request.meta().declaresExtension(ModernProtocol.TASKS)) {
      throw ModernError.missingExtension(ModernProtocol.TASKS);
    }
    String id = request.string("taskId");
    String principal = request.principal();
    try {
      switch (request.message().method()) {
        case "tasks/get" -> {
          return TaskJson.whole(jobs.get(principal, id));
        }
        case "tasks/update" -> jobs.answer(principal, id, responses(request, principal, id));
        case "tasks/cancel" -> jobs.cancel(principal, id);
        default -> throw new IllegalStateException(request.message().method());
      }
      return JsonNodeFactory.instance.objectNode();
    } catch (ToolException e) {
      throw new RpcException(RpcError.INVALID_PARAMS, e.code() + ": " + e.getMessage());
    }
  }

  /** Answers that fit a question which is open; others are as if they had not come. */
  private Map<String, ObjectNode> responses(ModernRequest request, String principal, String id)
      throws ToolException {
    Job job = jobs.get(principal, id);
    if (!(request.params().get("inputResponses") instanceof ObjectNode given)) {
      throw ModernError.invalid("expected inputResponses that are an object");
    }
    Map<String, ObjectNode> fitting = new LinkedHashMap<>();
    job.questions()
        .forEach((key, asked) -> {
          if (given.get(key) instanceof ObjectNode answer && ReplayedAnswers.fits(asked, answer)) {
            fitting.put(key, answer);
          }
        });
    return fitting;
  }

  /** How a principal's task stands; empty if there is none. */
  Optional<ObjectNode> standing(String principal, String id) {
    try {
      return Optional.of(TaskJson.whole(jobs.get(principal, id)));
    } catch (ToolException e) {
      return Optional.empty();
    }
  }
}
