package dev.qwenmcp.server.cli;

import dev.qwenmcp.server.endpoint.ProductVersion;
import dev.qwenmcp.server.model.ModelException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code qwen-mcp doctor}: whether the program can work here, and what to mend. */
@Command(
    name = "doctor",
    description = {
      "Check this machine and say what to mend.",
      "The exit status is 0 if the program can be used, 1 if something must be mended first."
    })
final class DoctorCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = {"-m", "--model"},
      paramLabel = "MODEL",
      description = "Path or name of a model to check (default: the embedded one).")
  private String model;

  @Mixin private ModelFlags models;
  @Mixin private EngineFlags engineFlags;

  @Override
  public Integer call() throws ModelException {
    PrintWriter out = spec.commandLine().getOut();
    boolean usable = true;
    out.println("qwen-mcp " + ProductVersion.current());
    KernelCheck kernels = new KernelCheck(engineFlags.options());
    List<HealthCheck> checks =
        List.of(
            new JavaCheck(),
            new LauncherCheck(),
            new MachineCheck(),
            kernels,
            new ModelCheck(models.catalog().resolve(model), kernels::usableOptions));
    for (HealthCheck check : checks) {
      for (HealthCheck.Finding finding : check.findings()) {
        usable &= finding.level() != HealthCheck.Level.BROKEN;
        out.printf("  %s %-12s %s%n", mark(finding.level()), finding.subject(), finding.found());
        if (!finding.remedy().isEmpty()) {
          out.printf("       %-12s %s%n", "", "-> " + finding.remedy());
        }
        out.flush();
      }
    }
    out.println(usable ? "Ready." : "Not usable yet: mend what is marked as broken.");
    return usable ? 0 : 1;
  }

  private static String mark(HealthCheck.Level level) {
    return Ansi.AUTO.string(
        switch (level) {
          case GOOD -> "@|green ok  |@";
          case POOR -> "@|yellow note|@";
          case BROKEN -> "@|red FAIL|@";
        });
  }
}
