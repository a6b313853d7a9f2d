package dev.qwenmcp.server.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The benchmarks of {@code docs/benchmarks.md}: every {@link SuiteEntry} whose file is in a folder;
 * on the first one also a busy machine and copying work.
 */
public final class Suite {
  /** What is measured beside another process: short, as a peer may be very slow there. */
  private static final List<Workload> BESIDE =
      List.of(new Workload.Prompt(128, 0), new Workload.Generation(32, 0, 1));

  private static final int READ_BYTES = 8 << 20;

  private final Path folder;
  private final List<SuiteEntry> entries;
  private final Measuring measuring;

  /** Measures one model. */
  @FunctionalInterface
  public interface Measuring {
    /**
     * @param file the model
     * @param plan what to measure
     * @param copying whether to measure copying work as well
     */
    Report measure(Path file, BenchRun.Plan plan, boolean copying)
        throws IOException, BenchException;
  }

  /**
   * What the suite found.
   *
   * @param rows of the models that are there
   * @param beside another process and copying, where the first model is there
   * @param missing models that are not there
   */
  public record Outcome(List<Row> rows, Optional<Report> beside, List<SuiteEntry> missing) {}

  /**
   * One model's figures.
   *
   * @param entry what was measured
   * @param report the figures
   */
  public record Row(SuiteEntry entry, Report report) {}

  public Suite(Path folder, List<SuiteEntry> entries, Measuring measuring) {
    this.folder = folder;
    this.entries = List.copyOf(entries);
    this.measuring = measuring;
  }

  /**
   * Measures what is there.
   *
   * @param repetitions timed runs of each workload
   * @throws BenchException if no model is there; the message says how to write them
   */
  public Outcome run(int repetitions) throws IOException, BenchException {
    List<Row> rows = new ArrayList<>();
    List<SuiteEntry> missing = new ArrayList<>();
    Optional<Report> beside = Optional.empty();
    for (SuiteEntry entry : entries) {
      Path file = folder.resolve(entry.fileName());
      if (!Files.isRegularFile(file)) {
        missing.add(entry);
        continue;
      }
      readOnce(file);
      List<Workload> workloads = List.copyOf(entry.goals().keySet());
      rows.add(
          new Row(
              entry, measuring.measure(file, new BenchRun.Plan(workloads, repetitions, 0), false)));
      if (entry.equals(entries.getFirst())) {
        beside =
            Optional.of(measuring.measure(file, new BenchRun.Plan(BESIDE, repetitions, 1), true));
      }
    }
    if (rows.isEmpty()) {
      throw new BenchException(
          folder
              + " holds none of the suite's models; write them there, each with one command: "
              + String.join("; ", missing.stream().map(SuiteEntry::synth).toList()));
    }
    return new Outcome(rows, beside, missing);
  }

  /** So that all of it is in the system's file cache, whatever the models before left there. */
  private static void readOnce(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      ByteBuffer buffer = ByteBuffer.allocateDirect(READ_BYTES);
      while (channel.read(buffer) >= 0) {
        buffer.clear();
      }
    }
  }
}
