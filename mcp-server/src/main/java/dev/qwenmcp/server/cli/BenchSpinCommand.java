package dev.qwenmcp.server.cli;

import dev.qwenmcp.server.bench.Spinning;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What {@code bench --busy} starts: threads that compute until standard input ends. */
@Command(
    name = Spinning.COMMAND,
    hidden = true,
    description = "Keep cores busy until standard input ends.")
final class BenchSpinCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "THREADS", description = "How many threads compute.")
  private int threads;

  @Override
  public Integer call() throws IOException, InterruptedException {
    new Spinning(threads).until(System.in, spec.commandLine().getOut());
    return 0;
  }
}
