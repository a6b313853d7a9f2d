package dev.qwenmcp.server.job;

import dev.qwenmcp.server.protocol.Tool;
import dev.qwenmcp.server.protocol.call.ToolRegistry;
import java.util.ArrayList;
import java.util.List;

/** The tools with which clients that know no tasks order jobs. */
public final class JobTools {
  private final List<Tool<?, ?>> others;
  private final Jobs jobs;

  /**
   * @param others the tools that can be called as jobs
   */
  public JobTools(List<? extends Tool<?, ?>> others, Jobs jobs) {
    this.others = List.copyOf(others);
    this.jobs = jobs;
  }

  /** The other tools and those for jobs, in the order in which clients list them. */
  public List<Tool<?, ?>> all() {
    List<Tool<?, ?>> all = new ArrayList<>(others);
    all.add(new StartJob(new ToolRegistry(others), jobs));
    all.add(new GetJob(jobs));
    all.add(new CancelJob(jobs));
    all.add(new ListJobs(jobs));
    return List.copyOf(all);
  }
}
