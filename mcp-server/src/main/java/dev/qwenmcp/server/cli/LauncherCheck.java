package dev.qwenmcp.server.cli;

import java.util.List;

/** Whether the launcher started this program, and with the cache that makes starting quick. */
final class LauncherCheck implements HealthCheck {
  @Override
  public List<Finding> findings() {
    return List.of(launcher(), startCache());
  }

  private static Finding launcher() {
    return Launcher.current()
        .map(launcher -> Finding.good("launcher", launcher.path().toString()))
        .orElseGet(() ->
            new Finding(
                Level.POOR,
                "launcher",
                "none: started by java itself",
                "start the program with bin/qwen-mcp of the archive, or qwen-mcp of the repository"));
  }

  private static Finding startCache() {
    String subject = "start cache";
    String state = Launcher.current().map(Launcher::startCache).orElse("");
    if (state.isEmpty()) {
      return new Finding(
          Level.POOR, subject, "none, so starting takes longer", "start with the launcher");
    }
    if (state.startsWith("being made")) {
      return new Finding(
          Level.POOR, subject, state, "nothing: this start is slower than those that follow");
    }
    return state.startsWith("failed")
        ? new Finding(
            Level.POOR,
            subject,
            state + "; starting takes longer",
            "run bin/qwen-mcp warm (in the repository: delete target/launcher) to have it made anew")
        : Finding.good(subject, state);
  }
}
