package dev.qwenmcp.server.job;

import dev.qwenmcp.server.protocol.Doc;
import dev.qwenmcp.server.protocol.Tool;
import dev.qwenmcp.server.protocol.ToolContext;
import dev.qwenmcp.server.protocol.ToolException;
import dev.qwenmcp.server.protocol.ToolSpec;
import dev.qwenmcp.server.protocol.call.RegisteredTool;
import dev.qwenmcp.server.protocol.call.ToolOutcome;
import dev.qwenmcp.server.protocol.call.ToolRegistry;
import java.util.Optional;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Calls another tool in the background. */
final class StartJob implements Tool<StartJob.Arguments, JobView> {
  private final ToolRegistry tools;
  private final Jobs jobs;

  StartJob(ToolRegistry tools, Jobs jobs) {
    this.tools = tools;
    this.jobs = jobs;
  }

  public record Arguments(
      @Doc(value = "Name of the tool to call", optional = true, minSize = 1, maxSize = 128)
          String tool,
      @Doc(value = "Its arguments, {} if left out", optional = true) ObjectNode arguments,
      @Doc(
              value =
                  "A job that was interrupted or cancelled, instead of tool and arguments: begins it"
                      + " again, or goes on where a flow was",
              optional = true,
              minSize = 1,
              maxSize = 100)
          String resume) {}

  @Override
  public ToolSpec<Arguments, JobView> spec() {
    return new ToolSpec<>(
        "job_start",
        "Start a job",
        """
        Calls another tool of this server in the background and returns a job_id at once: for what \
        takes longer than your client waits, such as a flow, a folder to ingest or a long answer. \
        job_get tells progress and result, job_cancel stops it. Jobs let other calls go first, four \
        run at once, and they survive the end of the client. If the server ends, a job is \
        interrupted; resume begins it again, or goes on where a flow was. The result is kept %d \
        hours after the job's end.\
        """
            .formatted(Job.LIFETIME.toHours()),
        Arguments.class,
        JobView.class,
        new ToolSpec.Hints(false, false, false, reachesElsewhere()));
  }

  private boolean reachesElsewhere() {
    return tools.tools().stream().anyMatch(tool -> tool.spec().hints().openWorld());
  }

  @Override
  public JobView call(Arguments arguments, ToolContext call) throws ToolException {
    if ((arguments.tool() == null) == (arguments.resume() == null)
        || (arguments.resume() != null && arguments.arguments() != null)) {
      throw new ToolException(
          "conflicting_arguments", "give tool, with its arguments, or resume alone");
    }
    if (arguments.resume() != null) {
      return resumed(call.principal(), arguments.resume());
    }
    ObjectNode given =
        arguments.arguments() == null
            ? JsonNodeFactory.instance.objectNode()
            : arguments.arguments();
    return started(call.principal(), arguments.tool(), given);
  }

  private JobView resumed(String principal, String id) throws ToolException {
    Job job = jobs.get(principal, id);
    if (job.state() != JobState.INTERRUPTED && job.state() != JobState.CANCELLED) {
      throw new ToolException(
          "not_interrupted",
          "the job %s is %s; only one that was interrupted or cancelled can be resumed"
              .formatted(id, job.state().word()));
    }
    return started(principal, job.tool(), job.arguments());
  }

  private JobView started(String principal, String name, ObjectNode arguments)
      throws ToolException {
    RegisteredTool<?, ?> tool =
        tools
            .find(name)
            .orElseThrow(() ->
                new ToolException(
                    "unknown_tool",
                    "there is no tool %s that can be a job; there are %s"
                        .formatted(name, String.join(", ", tools.names()))));
    Optional<ToolOutcome.Failure> wrong = tool.check(arguments);
    if (wrong.isPresent()) {
      throw new ToolException(wrong.get().code(), wrong.get().message());
    }
    return JobView.of(jobs.start(new JobOrder(principal, tool, arguments)));
  }

  @Override
  public Optional<String> text(JobView job) {
    return Optional.of(job.words());
  }
}
