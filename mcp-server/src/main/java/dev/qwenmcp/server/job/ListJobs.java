package dev.qwenmcp.server.job;

import dev.qwenmcp.server.protocol.Doc;
import dev.qwenmcp.server.protocol.Tool;
import dev.qwenmcp.server.protocol.ToolContext;
import dev.qwenmcp.server.protocol.ToolException;
import dev.qwenmcp.server.protocol.ToolSpec;
import java.util.List;

/** Names the jobs that are known. */
final class ListJobs implements Tool<ListJobs.Arguments, ListJobs.Result> {
  private static final int LIMIT = 20;

  private final Jobs jobs;

  ListJobs(Jobs jobs) {
    this.jobs = jobs;
  }

  public record Arguments(
      @Doc(value = "Most jobs, 20 if left out", optional = true, min = 1, max = 200)
          Integer limit) {}

  public record Result(@Doc("Jobs, the latest first") List<Line> jobs) {}

  public record Line(
      @Doc("Handle of the job") String jobId,
      @Doc("The tool that it calls") String tool,
      @Doc("As in job_get") String state,
      @Doc(value = "What it last said of its progress", optional = true) String message,
      @Doc("When it was ordered, ISO 8601") String created,
      @Doc("When it last said something, ISO 8601") String updated) {
    static Line of(Job job) {
      return new Line(
          job.id(),
          job.tool(),
          job.state().word(),
          job.progress().map(JobProgress::message).orElse(null),
          job.created().toString(),
          job.updated().toString());
    }
  }

  @Override
  public ToolSpec<Arguments, Result> spec() {
    return new ToolSpec<>(
        "job_list",
        "List jobs",
        """
        Names your jobs, the latest first, with their states: those that go on, and those that ended \
        within the last %d hours. Use it to find a job whose handle was lost.\
        """
            .formatted(Job.LIFETIME.toHours()),
        Arguments.class,
        Result.class,
        new ToolSpec.Hints(true, false, true, false));
  }

  @Override
  public Result call(Arguments arguments, ToolContext call) throws ToolException {
    int limit = arguments.limit() == null ? LIMIT : arguments.limit();
    return new Result(jobs.list(call.principal(), limit).stream().map(Line::of).toList());
  }
}
