package dev.qwenmcp.server.process;

import dev.qwenmcp.server.bench.ProcessMemory;
import dev.qwenmcp.server.bench.Sample;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How much memory another process uses, time after time. */
final class MemorySamples {
  private static final Pattern HEAP = Pattern.compile("total \\d+K, used (\\d+)K");

  private final long pid;
  private final List<Double> resident = new ArrayList<>(); // MiB

  MemorySamples(long pid) {
    this.pid = pid;
  }

  /** Takes one of physical memory. */
  void take() {
    resident.add(ProcessMemory.residentBytes(pid).orElseThrow() / (double) (1 << 20));
  }

  int size() {
    return resident.size();
  }

  /**
   * The middle one of some, in MiB.
   *
   * @param from share of all samples, 0 to 1
   * @param to likewise
   */
  double median(double from, double to) {
    int size = resident.size();
    return new Sample(resident.subList((int) (from * size), (int) (to * size))).median();
  }

  /** MiB of objects that are in use, after a full collection. */
  double heap() throws IOException, InterruptedException {
    jcmd("GC.run");
    Matcher used = HEAP.matcher(jcmd("GC.heap_info"));
    long kib = 0;
    while (used.find()) { // one line a generation
      kib += Long.parseLong(used.group(1));
    }
    if (kib == 0) {
      throw new AssertionError("jcmd tells no heap");
    }
    return kib / 1024.0;
  }

  private String jcmd(String command) throws IOException, InterruptedException {
    Process jcmd =
        new ProcessBuilder(ServerProcess.java("jcmd"), Long.toString(pid), command)
            .redirectErrorStream(true)
            .start();
    String said = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (jcmd.waitFor() != 0) {
      throw new AssertionError(said);
    }
    return said;
  }
}
