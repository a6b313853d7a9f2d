package dev.qwenmcp.server.document.reader;

import dev.qwenmcp.server.document.Document;
import dev.qwenmcp.server.document.DocumentException;
import dev.qwenmcp.server.document.DocumentException.Kind;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.URI;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;

/**
 * The server's end of {@link ParserMain}: starts it when it is needed, keeps it for the next file,
 * ends it when a file takes too long or nothing comes, and starts another after a crash. Files are
 * parsed one at a time; safe for many threads.
 */
final class ParserProcess implements AutoCloseable {
  /** The exit status of a Java process that ran out of memory with ExitOnOutOfMemoryError. */
  private static final int OUT_OF_MEMORY = 3;

  private static final long PATIENCE_SECONDS = 5;

  private final ParserLimits limits;
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("parser-clock").factory());
  private volatile Optional<Running> running = Optional.empty();
  private boolean closed;
  private int started;
  private int uses;

  /** A process and what leads to and from it. */
  private record Running(Process process, DataOutputStream out, DataInputStream in) {}

  ParserProcess(ParserLimits limits) {
    this.limits = limits;
  }

  /**
   * Parses a file.
   *
   * @throws DocumentException if it cannot be, or takes more time or memory than it may
   */
  synchronized Document parse(Format format, byte[] content) throws DocumentException {
    Running parser = running();
    AtomicBoolean late = new AtomicBoolean();
    ScheduledFuture<?> alarm =
        clock.schedule(
            () -> {
              late.set(true);
              parser.process.destroyForcibly();
            },
            limits.time().toMillis(),
            TimeUnit.MILLISECONDS);
    try {
      Frames.write(parser.out, new Frames.Request(format, limits.characters(), content));
      return Frames.readAnswer(parser.in, limits.characters());
    } catch (IOException e) {
      throw broken(parser, late.get(), e);
    } finally {
      alarm.cancel(false);
      endWhenIdle(parser);
    }
  }

  /** How many processes were started so far. */
  synchronized int started() {
    return started;
  }

  /** Whether a process runs now. */
  boolean isRunning() {
    return running.isPresent();
  }

  private Running running() throws DocumentException {
    if (closed) {
      throw new DocumentException(Kind.FAILED, "was not read: the server is stopping");
    }
    if (running.isEmpty() || !running.get().process.isAlive()) {
      try {
        Process process = new ProcessBuilder(command()).redirectError(Redirect.DISCARD).start();
        running =
            Optional.of(
                new Running(
                    process,
                    new DataOutputStream(new BufferedOutputStream(process.getOutputStream())),
                    new DataInputStream(new BufferedInputStream(process.getInputStream()))));
        started++;
      } catch (IOException e) {
        throw new DocumentException(
            Kind.FAILED,
            "was not read: the process that parses documents does not start: " + e.getMessage(),
            e);
      }
    }
    return running.get();
  }

  private List<String> command() {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Xmx" + limits.memoryMegabytes() + "m",
        "-XX:+ExitOnOutOfMemoryError",
        "-XX:+DisplayVMOutputToStderr", // answers alone go to standard output
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1", // most files are parsed before better code would pay
        "-XX:-UsePerfData",
        "-Djava.awt.headless=true",
        "-Djavax.xml.accessExternalDTD=",
        "-Djavax.xml.accessExternalSchema=",
        "-Djavax.xml.accessExternalStylesheet=",
        "-Djdk.xml.entityExpansionLimit=1000",
        "-Djdk.xml.totalEntitySizeLimit=1000000",
        "-Djdk.xml.maxElementDepth=2000",
        "-cp",
        classPath(),
        ParserMain.class.getName());
  }

  /** The program, and beside it the libraries that nothing but this process needs. */
  private static String classPath() {
    Path documents = code().resolveSibling("lib").resolve("documents");
    return Files.isDirectory(documents)
        ? programClassPath() + File.pathSeparator + documents + File.separator + "*"
        : programClassPath();
  }

  private static Path code() {
    return Path.of(
        URI.create(
            ParserMain.class.getProtectionDomain().getCodeSource().getLocation().toString()));
  }

  /** Where this program's classes are, also where another program has loaded it. */
  private static String programClassPath() {
    if (ParserMain.class.getClassLoader() instanceof URLClassLoader loader) {
      return Arrays.stream(loader.getURLs())
          .map(url -> Path.of(URI.create(url.toString())).toString())
          .collect(Collectors.joining(File.pathSeparator));
    }
    return System.getProperty("java.class.path");
  }

  private DocumentException broken(Running parser, boolean late, IOException e) {
    int status = status(parser.process); // before it is killed: its own status says why it ended
    parser.process.destroyForcibly();
    running = Optional.empty();
    if (late) {
      return new DocumentException(
          Kind.TIME_EXCEEDED,
          "took longer than %d s to parse and was given up".formatted(limits.time().toSeconds()),
          e);
    }
    if (status == OUT_OF_MEMORY) {
      return new DocumentException(
          Kind.TOO_LARGE,
          "needs more than %d MiB of memory to parse; it is too large or made to be"
              .formatted(limits.memoryMegabytes()),
          e);
    }
    String what = e instanceof EOFException ? "ended with status " + status : e.getMessage();
    return new DocumentException(
        Kind.FAILED, "made the process that parses documents fail: " + what, e);
  }

  private static int status(Process process) {
    try {
      if (process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        return process.exitValue();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return -1;
  }

  private synchronized void endWhenIdle(Running parser) {
    int use = ++uses;
    if (!closed) {
      clock.schedule(
          () -> endIfUnused(parser, use), limits.idle().toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private synchronized void endIfUnused(Running parser, int use) {
    if (use == uses) {
      parser.process.destroyForcibly();
      running = Optional.empty();
    }
  }

  /** Ends the process; what is being parsed fails. */
  @Override
  public void close() {
    running.ifPresent(parser -> parser.process.destroyForcibly()); // whoever waits for it gives way
    clock.shutdownNow();
    synchronized (this) {
      closed = true;
      running.ifPresent(parser -> parser.process.destroyForcibly());
      running = Optional.empty();
    }
  }
}
