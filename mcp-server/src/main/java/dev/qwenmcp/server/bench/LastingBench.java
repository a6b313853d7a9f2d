package dev.qwenmcp.server.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Whether speed and memory last: prompts of 512 tokens and generations of 64 by turns, without a
 * pause, reported in six parts of equal time. The machine's limits are measured between them, so
 * that what neighbours take can be told from what the engine loses.
 */
final class LastingBench {
  private static final int PARTS = 6;
  private static final Workload PROMPT = new Workload.Prompt(512, 0);
  private static final Workload GENERATION = new Workload.Generation(64, 0, 1);

  private final Contender.Source source;
  private final Bench.Settings settings;
  private final int threads;
  private final Consumer<String> progress;

  LastingBench(
      Contender.Source source, Bench.Settings settings, int threads, Consumer<String> progress) {
    this.source = source;
    this.settings = settings;
    this.threads = threads;
    this.progress = progress;
  }

  /**
   * Runs for the settings' time.
   *
   * @throws BenchException if the model cannot do the work
   */
  List<Lasting> run() throws BenchException {
    List<Lasting> parts = new ArrayList<>();
    try (Contender engine = source.open()) {
      for (Workload workload : List.of(PROMPT, GENERATION)) {
        if (!engine.can(workload)) {
          throw new BenchException(workload.name() + " is more than the model's context");
        }
        engine.seconds(Measurement.OWN, workload); // warms up
      }
      Duration whole = settings.extras().lasting();
      long start = System.nanoTime();
      for (int part = 1; part <= PARTS; part++) {
        Duration until = whole.multipliedBy(part).dividedBy(PARTS);
        progress.accept(threads + " threads, until " + until.toSeconds() + " s");
        parts.add(part(engine, start, until));
      }
    }
    return parts;
  }

  /** At least once, however short the part is. */
  private Lasting part(Contender engine, long start, Duration until) throws BenchException {
    List<Double> prompts = new ArrayList<>();
    List<Double> generations = new ArrayList<>();
    List<Limits> limits = new ArrayList<>();
    do {
      limits.add(Limits.measure(settings.options().kernels(), threads));
      prompts.add(PROMPT.tokens() / engine.seconds(Measurement.OWN, PROMPT));
      generations.add(GENERATION.tokens() / engine.seconds(Measurement.OWN, GENERATION));
    } while (System.nanoTime() - start < until.toNanos());
    return new Lasting(
        threads,
        until,
        new Sample(prompts),
        new Sample(generations),
        Limits.median(limits),
        ProcessMemory.residentBytes(ProcessHandle.current().pid()));
  }
}
