package dev.qwenmcp.server.cli;

import java.util.List;

/** The Java that runs this program. */
final class JavaCheck implements HealthCheck {
  @Override
  public List<Finding> findings() {
    String found = Runtime.version() + " in " + System.getProperty("java.home");
    return List.of(
        JavaFloor.complaint(Runtime.version())
            .map(complaint -> new Finding(Level.BROKEN, "java", found, complaint))
            .orElseGet(() -> Finding.good("java", found)));
  }
}
