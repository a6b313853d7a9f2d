package dev.qwenmcp.server.context.sql;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A {@link StoreWorkload} in a process of its own. */
final class WorkloadProcess {
  private static final long PATIENCE_SECONDS = 60;

  private final Process process;
  private final List<String> lines = new ArrayList<>();
  private final Thread reader;

  /**
   * @param seconds 0 for until killed
   */
  WorkloadProcess(Path folder, long seed, long seconds, String... shared) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                StoreWorkload.class.getName(),
                folder.toString(),
                Long.toString(seed),
                Long.toString(seconds)));
    command.addAll(List.of(shared));
    process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    reader = Thread.ofPlatform().daemon().start(this::read);
  }

  private void read() {
    try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
      String line = output.readLine();
      while (line != null) {
        synchronized (this) {
          lines.add(line);
          notifyAll();
        }
        line = output.readLine();
      }
    } catch (IOException e) {
      // It was killed while it wrote.
    }
  }

  /** Waits for a line. */
  synchronized void await(String line) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!lines.contains(line)) {
      if (System.nanoTime() > deadline || !process.isAlive()) {
        throw new AssertionError("no line '" + line + "' but " + lines);
      }
      wait(50);
    }
  }

  /** Ends it without warning. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor();
    reader.join();
  }

  /** Waits for its end, and says how it ended. */
  int join() throws InterruptedException {
    int status = process.waitFor();
    reader.join();
    return status;
  }

  /** Whole lines that it wrote; the last may be cut off by its end. */
  synchronized List<String> lines() {
    return List.copyOf(lines);
  }
}
