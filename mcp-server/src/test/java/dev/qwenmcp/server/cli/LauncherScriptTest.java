package dev.qwenmcp.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Runs the launcher in a small repository of its own, with a JDK and a Maven that only report. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the launcher is a bash script")
@Timeout(60)
class LauncherScriptTest {
  private static final Instant LONG_AGO = Instant.parse("2026-01-01T00:00:00Z");

  @TempDir private Path folder;
  private Path repository;
  private Path jdk;

  @BeforeEach
  void lay() throws IOException {
    repository = Files.createDirectory(folder.resolve("a repository"));
    Files.copy(Path.of("..", "qwen-mcp"), repository.resolve("qwen-mcp"));
    executable(repository.resolve("qwen-mcp"));
    for (String source :
        List.of("pom.xml", "engine/src/main/A.java", "mcp-server/src/main/B.java", "native/c.c")) {
      write(repository.resolve(source), "source");
    }
    age(repository, LONG_AGO);
    jdk = jdk("jdk", "25.0.3");
    script(
        folder.resolve("bin/mvn"),
        """
        echo "maven on $JAVA_HOME: $*"
        echo run >> "%1$s/builds"
        cat > "%1$s/eaten"
        sleep 1
        mkdir -p mcp-server/target/app/lib
        echo jar > mcp-server/target/app/qwen-mcp.jar
        echo lib > mcp-server/target/app/lib/a.jar
        """
            .formatted(folder));
  }

  @Test
  void buildsOnFirstUseAndKeepsStandardOutputClean() throws Exception {
    Run run = launch("serve", "--model", "a b");

    assertThat(run.status).as(run.err).isZero();
    assertThat(run.out).startsWith("program").contains("[serve] [--model] [a b]");
    assertThat(run.out.lines()).hasSize(1);
    assertThat(run.err).contains("qwen-mcp: building").contains("maven on " + jdk);

    Run again = launch("serve");
    assertThat(again.err).doesNotContain("building");
    assertThat(builds()).isEqualTo(1);
  }

  @Test
  void leavesWhatAClientSaysDuringTheBuildToTheProgram() throws Exception {
    Process process = start(launcher(), "serve");
    process.getOutputStream().write("first message".getBytes(StandardCharsets.UTF_8));
    process.getOutputStream().close();

    assertThat(Run.of(process).status).isZero();
    assertThat(folder.resolve("eaten")).isEmptyFile();
  }

  @Test
  void tellsTheProgramWhereItIsAndUsesTheStartCacheThatItMade() throws Exception {
    assertThat(launch("doctor").out)
        .contains("[-Dqwenmcp.launcher=" + repository.toRealPath().resolve("qwen-mcp") + "]")
        .containsPattern("\\[-XX:AOTCache=.*\\.aot\\]")
        .containsPattern("\\[-Dqwenmcp.startcache=.*\\.aot\\]");
  }

  @Test
  void runsWithoutAStartCacheThatCannotBeMade() throws Exception {
    script(jdk.resolve("bin/java"), "case $* in *AOTCacheOutput*) echo no room >&2; exit 1;; esac");
    append(jdk.resolve("bin/java"), "printf '[%s] ' \"$@\"\n");

    Run run = launch("doctor");

    assertThat(run.status).as(run.err).isZero();
    assertThat(run.out)
        .doesNotContain("-XX:AOTCache=")
        .contains("[-Dqwenmcp.startcache=failed: no room]");
  }

  @Test
  void buildsAgainWhenASourceHasChanged() throws Exception {
    launch("doctor");
    Files.setLastModifiedTime(
        repository.resolve("engine/src/main/A.java"), FileTime.from(Instant.now().plusSeconds(2)));
    Thread.sleep(2_100); // so that the build after the change is younger than the change

    assertThat(launch("doctor").err).contains("building");
    assertThat(builds()).isEqualTo(2);
  }

  @Test
  void takesWhatMavenBuiltAlready() throws Exception {
    write(repository.resolve("mcp-server/target/app/qwen-mcp.jar"), "jar");
    write(repository.resolve("mcp-server/target/app/lib/a.jar"), "lib");

    Run run = launch("doctor");

    assertThat(run.status).as(run.err).isZero();
    assertThat(builds()).isZero();
  }

  @Test
  void buildsOnceWhenStartedTwiceAtOnce() throws Exception {
    Process first = start(repository.resolve("qwen-mcp").toString(), "first");
    Process second = start(repository.resolve("qwen-mcp").toString(), "second");

    assertThat(Run.of(first).status).isZero();
    assertThat(Run.of(second).status).isZero();
    assertThat(builds()).isEqualTo(1);
  }

  @Test
  void worksThroughSymbolicLinksFromAnywhere() throws Exception {
    Path inner = Files.createSymbolicLink(folder.resolve("inner"), repository.resolve("qwen-mcp"));
    Path outer = Files.createSymbolicLink(folder.resolve("outer"), inner.getFileName());

    assertThat(Run.of(start(outer.toString(), "doctor")).out).contains("[doctor]");
  }

  @Test
  void failsClearlyWhenTheBuildFails() throws Exception {
    script(folder.resolve("bin/mvn"), "echo no compiler here; exit 1");

    Run run = launch("serve");

    assertThat(run.status).isEqualTo(1);
    assertThat(run.out).isEmpty();
    assertThat(run.err).contains("no compiler here", "the build failed");
  }

  @Test
  void refusesAJdkThatIsTooOldOrNone() throws Exception {
    Path old = jdk("old", "25.0.2");

    Run tooOld = Run.of(start(Map.of("QWEN_MCP_JAVA_HOME", old.toString()), launcher(), "serve"));
    assertThat(tooOld.status).isEqualTo(1);
    assertThat(tooOld.err).contains("is Java 25.0.2", "25.0.3 or later");

    Run none = Run.of(start(Map.of("QWEN_MCP_JAVA_HOME", "/nowhere"), launcher(), "serve"));
    assertThat(none.status).isEqualTo(1);
    assertThat(none.err).contains("/nowhere holds no bin/java");
  }

  @Test
  void findsTheJdkOfJavaHome() throws Exception {
    Path newer = jdk("newer", "26.0.1");

    Run run =
        Run.of(
            start(
                Map.of("QWEN_MCP_JAVA_HOME", "", "JAVA_HOME", newer.toString()),
                launcher(),
                "serve"));

    assertThat(run.err).contains("maven on " + newer);
  }

  private String launcher() {
    return repository.resolve("qwen-mcp").toString();
  }

  private Run launch(String... arguments) throws Exception {
    List<String> words = new ArrayList<>(List.of(launcher()));
    words.addAll(List.of(arguments));
    return Run.of(start(words.toArray(String[]::new)));
  }

  private Process start(String... words) throws IOException {
    return start(Map.of("QWEN_MCP_JAVA_HOME", jdk.toString()), words);
  }

  private Process start(Map<String, String> environment, String... words) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(words).directory(folder.toFile());
    builder.environment().putAll(environment);
    builder.environment().merge("PATH", folder.resolve("bin").toString(), (p, b) -> b + ":" + p);
    return builder.start();
  }

  private int builds() throws IOException {
    Path log = folder.resolve("builds");
    return Files.exists(log) ? Files.readAllLines(log).size() : 0;
  }

  /** A JDK whose java prints its arguments, and makes the file that a start cache is asked for. */
  private Path jdk(String name, String version) throws IOException {
    Path home = folder.resolve(name);
    write(home.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
    script(home.resolve("bin/javac"), "exit 0");
    script(
        home.resolve("bin/java"),
        """
        for a in "$@"; do
          case $a in -XX:AOTCacheOutput=*) cat > /dev/null; echo > "${a#*=}" ;; esac
        done
        printf 'program '
        printf '[%s] ' "$@"
        """);
    return home;
  }

  private static void script(Path file, String body) throws IOException {
    write(file, "#!/usr/bin/env bash\n" + body + "\n");
    executable(file);
  }

  private static void write(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private static void append(Path file, String text) throws IOException {
    Files.writeString(file, Files.readString(file) + text);
  }

  private static void executable(Path file) throws IOException {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static void age(Path tree, Instant time) throws IOException {
    try (var files = Files.walk(tree)) {
      for (Path file : files.toList()) {
        Files.setLastModifiedTime(file, FileTime.from(time));
      }
    }
  }

  /** How a process ended and what it printed, which is little. */
  private record Run(int status, String out, String err) {
    static Run of(Process process) throws Exception {
      process.getOutputStream().close();
      String out = new String(process.getInputStream().readAllBytes());
      String err = new String(process.getErrorStream().readAllBytes());
      return new Run(process.waitFor(), out, err);
    }
  }
}
