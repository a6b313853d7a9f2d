package dev.qwenmcp.server.job;

import dev.qwenmcp.server.protocol.Doc;
import dev.qwenmcp.server.protocol.Tool;
import dev.qwenmcp.server.protocol.ToolContext;
import dev.qwenmcp.server.protocol.ToolException;
import dev.qwenmcp.server.protocol.ToolSpec;
import java.time.Duration;
import java.util.Optional;

/** Tells how a job stands, and waits for its end if asked to. */
final class GetJob implements Tool<GetJob.Arguments, JobView> {
  private final Jobs jobs;

  GetJob(Jobs jobs) {
    this.jobs = jobs;
  }

  public record Arguments(
      @Doc(value = "The job", minSize = 1, maxSize = 100) String jobId,
      @Doc(
              value = "Most seconds to wait for its end, 0 if left out; many clients give up at 60",
              optional = true,
              min = 0,
              max = 50)
          Integer waitSeconds) {}

  @Override
  public ToolSpec<Arguments, JobView> spec() {
    return new ToolSpec<>(
        "job_get",
        "Look at a job",
        """
        Tells how a job of job_start stands: its state, how far it is, and its result or error once \
        it has ended. With wait_seconds it answers when the job ends, or after so many seconds; call \
        it again then.\
        """,
        Arguments.class,
        JobView.class,
        new ToolSpec.Hints(true, false, true, false));
  }

  @Override
  public JobView call(Arguments arguments, ToolContext call)
      throws ToolException, InterruptedException {
    int seconds = arguments.waitSeconds() == null ? 0 : arguments.waitSeconds();
    Job job =
        jobs.await(
            call.principal(),
            arguments.jobId(),
            Duration.ofSeconds(seconds),
            standing ->
                standing
                    .progress()
                    .ifPresent(told -> call.progress(told.done(), told.total(), told.message())),
            call.cancellation());
    return JobView.of(job);
  }

  @Override
  public Optional<String> text(JobView job) {
    return Optional.of(job.words());
  }
}
