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
                "start the program with the script qwen-mcp of the repository"));
  }

  private static Finding startCache() {
    String subject = "start cache";
    String state = Launcher.current().map(Launcher::startCache).orElse("");
    if (state.isEmpty()) {
      return new Finding(
          Level.POOR, subject, "none, so starting takes longer", "start with the launcher");
    }
    return state.startsWith("failed")
        ? new Finding(
            Level.POOR,
            subject,
            state + "; starting takes longer",
            "delete target/launcher in the repository to have it made anew")
        : Finding.good(subject, state);
  }
}
