package dev.qwenmcp.server.context.sql;

import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A PostgreSQL server with a data folder of its own, on a port of its own, for the time of a test.
 *
 * <p>Uses the programs of the Debian package {@code postgresql}. They refuse to run for root, so
 * root runs them as {@code postgres} or {@code nobody}.
 */
final class PostgresServer implements AutoCloseable {
  private static final long START_SECONDS = 60;
  private static final Path DEBIAN = Path.of("/usr/lib/postgresql");

  private final Path programs;
  private final Path folder;
  private final int port;
  private Process process;
  private int databases;

  private PostgresServer(Path programs) throws IOException {
    this.programs = programs;
    this.folder = Files.createTempDirectory("qwen-mcp-postgres");
    try (ServerSocket socket = new ServerSocket(0)) {
      this.port = socket.getLocalPort();
    }
  }

  /** Starts one; where PostgreSQL is not installed, skips the test, or fails it if CI=true. */
  static PostgresServer startOrSkip() throws IOException, InterruptedException {
    Optional<Path> programs = programs();
    if (programs.isEmpty()) {
      String message =
          "PostgreSQL is not installed, its tests are skipped: apt-get install postgresql";
      if ("true".equals(System.getenv("CI"))) {
        fail(message);
      }
      System.err.println("WARNING: " + message);
      abort(message);
    }
    PostgresServer server = new PostgresServer(programs.orElseThrow());
    try {
      server.initialise();
      server.start();
    } catch (IOException | InterruptedException | RuntimeException | Error e) {
      server.close();
      throw e;
    }
    return server;
  }

  private static Optional<Path> programs() throws IOException {
    for (String folder : System.getenv("PATH").split(File.pathSeparator)) {
      if (Files.isExecutable(Path.of(folder, "initdb"))
          && Files.isExecutable(Path.of(folder, "postgres"))) {
        return Optional.of(Path.of(folder, "initdb").toRealPath().getParent());
      }
    }
    if (!Files.isDirectory(DEBIAN)) {
      return Optional.empty();
    }
    try (Stream<Path> versions = Files.list(DEBIAN)) {
      return versions
          .map(version -> version.resolve("bin"))
          .filter(bin -> Files.isExecutable(bin.resolve("initdb")))
          .max(Comparator.naturalOrder());
    }
  }

  private void initialise() throws IOException, InterruptedException {
    if (isRoot()) {
      run(List.of("chown", user(), folder.toString()));
    }
    run(
        asUser(
            programs.resolve("initdb").toString(),
            "--pgdata=" + folder.resolve("data"),
            "--username=qwen",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C",
            "--no-sync"));
  }

  /** Starts it, or starts it again after {@link #kill}. */
  void start() throws IOException, InterruptedException {
    process =
        new ProcessBuilder(
                asUser(
                    programs.resolve("postgres").toString(),
                    "-D",
                    folder.resolve("data").toString(),
                    "-p",
                    Integer.toString(port),
                    "-c",
                    "listen_addresses=127.0.0.1",
                    "-c",
                    "unix_socket_directories=",
                    "-c",
                    "fsync=off"))
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.getParent().resolve(folder.getFileName() + ".log").toFile())
            .start();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
    while (true) {
      try (Connection connection = DriverManager.getConnection(url("postgres"), "qwen", "")) {
        connection.isValid(1);
        return;
      } catch (SQLException e) {
        if (System.nanoTime() > deadline || !process.isAlive()) {
          throw new IOException("PostgreSQL did not start, see " + folder + ".log", e);
        }
      }
      Thread.sleep(50);
    }
  }

  /** Ends it as a crash would. */
  void kill() throws InterruptedException {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    process.waitFor();
  }

  /** Ends all connections of a database as an administrator would. */
  void dropConnections() throws SQLException {
    try (Connection connection = DriverManager.getConnection(url("postgres"), "qwen", "");
        var statement = connection.createStatement()) {
      statement.execute(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
              + " WHERE pid <> pg_backend_pid() AND datname LIKE 'store%'");
    }
  }

  private String url(String database) {
    return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
  }

  /** A new, empty database. */
  PostgresSettings newDatabase() throws SQLException {
    String name = "store" + databases++;
    try (Connection connection = DriverManager.getConnection(url("postgres"), "qwen", "");
        var statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE " + name);
    }
    return PostgresSettings.of(url(name), "qwen", "");
  }

  private static boolean isRoot() {
    return "root".equals(System.getProperty("user.name"));
  }

  private static String user() throws IOException {
    boolean exists =
        Files.readAllLines(Path.of("/etc/passwd")).stream()
            .anyMatch(line -> line.startsWith("postgres:"));
    return exists ? "postgres" : "nobody";
  }

  private static List<String> asUser(String... command) throws IOException {
    List<String> words = new ArrayList<>();
    if (isRoot()) {
      words.addAll(
          List.of("setpriv", "--reuid=" + user(), "--regid=nogroup", "--clear-groups", "--"));
    }
    words.addAll(List.of(command));
    return words;
  }

  private void run(List<String> command) throws IOException, InterruptedException {
    Process run =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
    String output = new String(run.getInputStream().readAllBytes());
    if (run.waitFor() != 0) {
      throw new IOException(String.join(" ", command) + ": " + output);
    }
  }

  @Override
  public void close() throws IOException {
    if (process != null) {
      process.destroy();
      try {
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
          kill();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
    Files.deleteIfExists(folder.getParent().resolve(folder.getFileName() + ".log"));
  }
}
