package dev.qwenmcp.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The examples in Python and TypeScript, where their runtimes are. */
@Timeout(120)
class OtherLanguagesTest {
  @TempDir private Path folder;

  @Test
  void aClientInPythonGoesThroughTheFlow() throws Exception {
    require(
        version("python3", "import sys; print(sys.version_info >= (3, 9))", "-c", "True"),
        "python3 3.9");

    assertThat(run(List.of("python3", "python/shop_assistant.py")))
        .contains("language: en", "reply: ", "flow: ", "Goods can be returned for 30 days.");
  }

  @Test
  void aClientInPythonGoesThroughTheFlowOverHttp() throws Exception {
    require(
        version("python3", "import sys; print(sys.version_info >= (3, 9))", "-c", "True"),
        "python3 3.9");
    List<String> command = new ArrayList<>(ExamplesTest.server());
    command.addAll(List.of("--http", "0", "--data-dir", folder.toString()));
    Process server = new ProcessBuilder(command).start();
    try (var said = server.errorReader(StandardCharsets.UTF_8)) {
      String url =
          said.lines()
              .flatMap(line -> Optional.ofNullable(url(line)).stream())
              .findFirst()
              .orElseThrow();

      assertThat(run(List.of("python3", "python/shop_assistant.py", "--http", url)))
          .contains("reply: ", "flow: ", "Goods can be returned for 30 days.");
    } finally {
      server.destroy();
    }
  }

  @Test
  void aClientInTypeScriptGoesThroughTheFlow() throws Exception {
    require(version("node", "parseInt(process.versions.node) >= 20", "-p", "true"), "node 20");
    Path compiler = Path.of("typescript", "node_modules", "typescript", "bin", "tsc");
    require(Files.exists(compiler), "node_modules (run npm ci in examples/typescript)");
    Path program = Path.of("typescript", "out", "shop-assistant.js");
    run(List.of("node", compiler.toString(), "-p", "typescript"), List.of());

    assertThat(run(List.of("node", program.toString())))
        .contains("language: en", "reply: ", "flow: ", "Goods can be returned for 30 days.");
  }

  private static String url(String line) {
    var found = Pattern.compile("http://\\S+/mcp").matcher(line);
    return found.find() ? found.group() : null;
  }

  /** Skipped loudly: these runtimes are not what the project is built with. */
  private static void require(boolean there, String what) {
    if (!there) {
      System.err.println("SKIPPED: an example needs " + what + ", which is not here");
      Assumptions.abort(what + " is missing");
    }
  }

  private static boolean version(String program, String question, String flag, String expected)
      throws Exception {
    try {
      Process process = new ProcessBuilder(program, flag, question).start();
      return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
              .strip()
              .equals(expected)
          && process.waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  private String run(List<String> client) throws Exception {
    List<String> server = new ArrayList<>(ExamplesTest.server());
    server.addAll(List.of("--data-dir", folder.toString()));
    return run(client, client.contains("--http") ? List.of() : server);
  }

  private static String run(List<String> client, List<String> server) throws Exception {
    List<String> command = new ArrayList<>(client);
    if (!server.isEmpty()) {
      command.add("--");
      command.addAll(server);
    }
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    process.getOutputStream().close();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(100, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(printed).isZero();
    return printed;
  }
}
