package dev.qwenmcp.server.job;

import dev.qwenmcp.server.protocol.Doc;
import dev.qwenmcp.server.protocol.Tool;
import dev.qwenmcp.server.protocol.ToolContext;
import dev.qwenmcp.server.protocol.ToolException;
import dev.qwenmcp.server.protocol.ToolSpec;
import java.time.Duration;
import java.util.Optional;

/** Stops a job. */
final class CancelJob implements Tool<CancelJob.Arguments, JobView> {
  /** A tool sees its cancellation within a token or a fifth of a second. */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final Jobs jobs;

  CancelJob(Jobs jobs) {
    this.jobs = jobs;
  }

  public record Arguments(@Doc(value = "The job", minSize = 1, maxSize = 100) String jobId) {}

  @Override
  public ToolSpec<Arguments, JobView> spec() {
    return new ToolSpec<>(
        "job_cancel",
        "Cancel a job",
        """
        Stops a job of job_start as soon as its tool notices, and tells how the job stands then. What \
        the tool has done stays done. A job that has ended stays as it is.\
        """,
        Arguments.class,
        JobView.class,
        new ToolSpec.Hints(false, false, true, false));
  }

  @Override
  public JobView call(Arguments arguments, ToolContext call)
      throws ToolException, InterruptedException {
    jobs.cancel(call.principal(), arguments.jobId());
    return JobView.of(
        jobs.await(call.principal(), arguments.jobId(), PATIENCE, _ -> {}, call.cancellation()));
  }

  @Override
  public Optional<String> text(JobView job) {
    return Optional.of(job.words());
  }
}
