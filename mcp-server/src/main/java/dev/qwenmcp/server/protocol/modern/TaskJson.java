package dev.qwenmcp.server.protocol.modern;

import dev.qwenmcp.server.job.Job;
import dev.qwenmcp.server.job.JobEnding;
import dev.qwenmcp.server.job.JobState;
import java.time.Duration;
import java.time.Instant;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Jobs as tasks of the extension. */
final class TaskJson {
  private static final Duration POLL = Duration.ofSeconds(1);

  private TaskJson() {}

  /** Without what the task waits for and how it ended. */
  static ObjectNode summary(Job job) {
    ObjectNode task = JsonNodeFactory.instance.objectNode();
    task.put("taskId", job.id()).put("status", status(job));
    job.progress()
        .map(told -> told.message())
        .ifPresent(message -> task.put("statusMessage", message));
    task.put("createdAt", job.created().toString()).put("lastUpdatedAt", job.updated().toString());
    if (job.expires().isPresent()) {
      Instant end = job.expires().get();
      task.put("ttlMs", Duration.between(job.created(), end).toMillis());
    } else {
      task.putNull("ttlMs"); // it is kept for as long as it goes on, and a day longer
    }
    return task.put("pollIntervalMs", POLL.toMillis());
  }

  private static String status(Job job) {
    return switch (job.state()) {
      case QUEUED, RUNNING -> "working";
      case INPUT_REQUIRED -> "input_required";
      case CANCELLED -> "cancelled";
      case FINISHED, FAILED, INTERRUPTED ->
          job.ending().orElseThrow() instanceof JobEnding.Result ? "completed" : "failed";
    };
  }

  /** With everything. */
  static ObjectNode whole(Job job) {
    ObjectNode task = summary(job);
    if (job.state() == JobState.INPUT_REQUIRED) {
      task.set("inputRequests", Attempt.requests(job.questions()));
    }
    if (job.ending().isPresent() && job.state() != JobState.CANCELLED) {
      switch (job.ending().get()) {
        case JobEnding.Result ended -> task.set("result", ended.result());
        case JobEnding.Refusal refused -> task.set("error", refused.error());
      }
    }
    return task;
  }
}
