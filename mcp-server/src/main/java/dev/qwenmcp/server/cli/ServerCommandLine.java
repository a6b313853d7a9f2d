package dev.qwenmcp.server.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** How a client starts the server: the launcher that started this process, or its Java. */
final class ServerCommandLine {
  private ServerCommandLine() {}

  static List<String> words() {
    Optional<Launcher> launcher = Launcher.current();
    if (launcher.isPresent()) {
      return List.of(launcher.get().path().toString(), "serve");
    }
    List<String> words = new ArrayList<>();
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    words.add("--enable-native-access=ALL-UNNAMED");
    words.addAll(List.of("-cp", System.getProperty("java.class.path")));
    words.addAll(List.of(Main.class.getName(), "serve"));
    return words;
  }
}
