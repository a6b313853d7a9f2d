package dev.qwenmcp.server.cli;

import dev.qwenmcp.server.bench.ChildCommand;
import java.nio.file.Path;
import java.util.List;

/** How this program starts itself as a child: its own Java and classes, without the launcher. */
final class SelfCommand {
  private SelfCommand() {}

  static ChildCommand child() {
    return new ChildCommand(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            Main.class.getName()));
  }
}
