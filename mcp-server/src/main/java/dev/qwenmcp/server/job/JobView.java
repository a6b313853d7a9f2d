package dev.qwenmcp.server.job;

import dev.qwenmcp.server.protocol.Doc;
import java.time.Instant;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A job as the job tools show it. */
public record JobView(
    @Doc("Handle of the job, for job_get and job_cancel") String jobId,
    @Doc("The tool that it calls") String tool,
    @Doc(
            value =
                "queued: others go first; running; input_required; finished: there is a result;"
                    + " failed: see error; cancelled; interrupted: the server ended, resume it",
            oneOf = {
              "queued",
              "running",
              "input_required",
              "finished",
              "failed",
              "cancelled",
              "interrupted"
            })
        String state,
    @Doc(value = "How far it is, rising", optional = true) Double progress,
    @Doc(value = "The progress at its end, where known", optional = true) Double total,
    @Doc(value = "What it last said of its progress", optional = true) String message,
    @Doc("When it was ordered, ISO 8601") String created,
    @Doc("When it last said something, ISO 8601") String updated,
    @Doc(value = "When the job and its result go, once it has ended, ISO 8601", optional = true)
        String expires,
    @Doc(value = "The structured result of the tool, once finished", optional = true)
        JsonNode result,
    @Doc(value = "The result of the tool in words, once finished", optional = true) String text,
    @Doc(value = "Why it has no result, as code and message", optional = true) String error,
    @Doc(value = "What to do next", optional = true) String hint) {

  static JobView of(Job job) {
    JobProgress progress = job.progress().orElse(new JobProgress(0, null, null));
    ObjectNode result =
        job.ending().orElse(null) instanceof JobEnding.Result ended ? ended.result() : null;
    boolean failed = result != null && result.path("isError").asBoolean(false);
    String said = result == null ? null : result.at("/content/0/text").asString("");
    return new JobView(
        job.id(),
        job.tool(),
        job.state().word(),
        job.progress().isPresent() ? progress.done() : null,
        progress.total(),
        progress.message(),
        job.created().toString(),
        job.updated().toString(),
        job.expires().map(Instant::toString).orElse(null),
        failed || result == null ? null : result.get("structuredContent"),
        failed || result == null || structured(result, said) ? null : said,
        failed ? said : error(job),
        hint(job));
  }

  /** Whether the text is the structured result again. */
  private static boolean structured(ObjectNode result, String said) {
    return result.path("structuredContent").toString().equals(said);
  }

  private static String error(Job job) {
    return job.ending().orElse(null) instanceof JobEnding.Refusal refusal
        ? refusal.error().path("message").asString("")
        : null;
  }

  private static String hint(Job job) {
    return switch (job.state()) {
      case QUEUED, RUNNING ->
          "Call job_get with this job_id and wait_seconds to wait for the result";
      case INPUT_REQUIRED -> "It waits for the client that ordered it as a task";
      case INTERRUPTED -> "Call job_start with resume: " + job.id();
      default -> null;
    };
  }

  /** The job in words. */
  String words() {
    StringBuilder words = new StringBuilder("%s (%s): %s".formatted(jobId, tool, state));
    if (progress != null && result == null && error == null) {
      words.append(", ").append(total == null ? "%.4g".formatted(progress) : share());
      if (message != null) {
        words.append(": ").append(message);
      }
    }
    if (text != null) {
      words.append('\n').append(text);
    } else if (result != null) {
      words.append('\n').append(result);
    }
    if (error != null) {
      words.append('\n').append(error);
    }
    if (hint != null) {
      words.append("\n").append(hint);
    }
    return words.toString();
  }

  private String share() {
    return "%.4g of %.4g".formatted(progress, total);
  }
}
