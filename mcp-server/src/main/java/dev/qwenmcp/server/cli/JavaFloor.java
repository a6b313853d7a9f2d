package dev.qwenmcp.server.cli;

import java.util.Optional;

/** The oldest Java that runs the program safely. */
final class JavaFloor {
  /** The first update of 25 without JDK-8377811 (pinned heap arrays corrupted under G1). */
  static final Runtime.Version OLDEST = Runtime.Version.parse("25.0.3");

  private JavaFloor() {}

  /** What is wrong with this Java, if anything. */
  static Optional<String> complaint(Runtime.Version version) {
    if (version.compareToIgnoreOptional(OLDEST) >= 0) {
      return Optional.empty();
    }
    return Optional.of(
        "this is Java "
            + version
            + "; "
            + OLDEST
            + " or later is needed, because earlier ones may corrupt memory (JDK-8377811)."
            + " Install it, or set QWEN_MCP_JAVA_HOME to where it is.");
  }
}
