package dev.qwenmcp.server.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The benchmarks of {@code docs/explanation/performance.md}: every {@link SuiteEntry} whose file is
 * in a folder; on the first one also a busy machine and copying work.
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
    List<SuiteEntry> present =
        entries.stream().filter(entry -> Files.isRegularFile(file(entry))).toList();
    if (present.isEmpty()) {
      throw new BenchException(
          folder
              + " holds none of the suite's models; write them there, each with one command: "
              + String.join("; ", entries.stream().map(SuiteEntry::synth).toList()));
    }
    Map<SuiteEntry, Report> reports = new HashMap<>();
    Optional<Report> beside = Optional.empty();
    for (SuiteEntry entry : largestFirst(present)) {
      readOnce(file(entry));
      List<Workload> workloads = List.copyOf(entry.goals().keySet());
      reports.put(
          entry,
          measuring.measure(file(entry), new BenchRun.Plan(workloads, repetitions, 0), false));
      if (entry.equals(entries.getFirst())) {
        beside =
            Optional.of(
                measuring.measure(file(entry), new BenchRun.Plan(BESIDE, repetitions, 1), true));
      }
    }
    return new Outcome(
        present.stream().map(entry -> new Row(entry, reports.get(entry))).toList(),
        beside,
        entries.stream().filter(entry -> !present.contains(entry)).toList());
  }

  private Path file(SuiteEntry entry) {
    return folder.resolve(entry.fileName());
  }

  /**
   * What was used often stays in the system's file cache: a model that fills it must not come after
   * smaller ones.
   */
  private List<SuiteEntry> largestFirst(List<SuiteEntry> present) throws IOException {
    Map<SuiteEntry, Long> bytes = new HashMap<>();
    for (SuiteEntry entry : present) {
      bytes.put(entry, Files.size(file(entry)));
    }
    return present.stream()
        .sorted(Comparator.<SuiteEntry, Long>comparing(bytes::get).reversed())
        .toList();
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
