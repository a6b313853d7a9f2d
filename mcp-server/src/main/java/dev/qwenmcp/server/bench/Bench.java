package dev.qwenmcp.server.bench;

import dev.qwenmcp.engine.EngineOptions;
import dev.qwenmcp.engine.gguf.GgufFile;
import dev.qwenmcp.engine.kv.KvType;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** A whole benchmark of one model: limits, workloads for each number of threads, extras. */
public final class Bench {
  private final Model model;
  private final Settings settings;
  private final ChildCommand self;
  private final Consumer<String> progress;

  /** A model under measurement. */
  public interface Model {
    /** For people. */
    String description();

    /** Its file; the caller closes it. */
    GgufFile open() throws IOException;
  }

  /**
   * How to measure.
   *
   * @param plan workloads and repetitions
   * @param threads numbers of threads to measure with, one after the other
   * @param options of the engine but for the threads; guesses are off, so that a token is a pass
   * @param peer what to compare with
   * @param extras what to measure besides
   */
  public record Settings(
      BenchRun.Plan plan,
      List<Integer> threads,
      EngineOptions options,
      Optional<Peer> peer,
      Extras extras) {
    public Settings {
      threads = List.copyOf(threads);
    }

    EngineOptions options(int count, EngineOptions.Drafting drafting) {
      return new EngineOptions(
          options.kernels(),
          count,
          options.kvType(),
          options.contextTokens(),
          options.batchTokens(),
          drafting);
    }
  }

  /**
   * What to measure besides the plan's workloads, of this program's engine alone.
   *
   * @param copying whether to measure copying work
   * @param memory whether to measure what contexts of the plan's depths take
   * @param lasting how long to repeat the same work, zero for not at all
   */
  public record Extras(boolean copying, boolean memory, Duration lasting) {
    /** Nothing besides, or copying work alone. */
    public static Extras copying(boolean wanted) {
      return new Extras(wanted, false, Duration.ZERO);
    }
  }

  /** The other contender. */
  public interface Peer {
    /** For people. */
    String description();

    /**
     * What loads the model.
     *
     * @param threads compute threads
     * @param contextTokens longest sequence
     * @param vocabulary token ids are below it
     */
    Contender.Source contender(int threads, int contextTokens, int vocabulary);
  }

  /**
   * @param progress hears what is being measured
   */
  public Bench(Model model, Settings settings, ChildCommand self, Consumer<String> progress) {
    this.model = model;
    this.settings = settings;
    this.self = self;
    this.progress = progress;
  }

  /**
   * Measures everything.
   *
   * @throws IOException if the model cannot be read
   * @throws BenchException if something cannot be measured
   */
  public Report run() throws IOException, BenchException {
    List<Measurement> measurements = new ArrayList<>();
    List<CopyingMeasurement> copying = new ArrayList<>();
    List<ContextMemory> memory = new ArrayList<>();
    List<Lasting> lasting = new ArrayList<>();
    List<String> conditions = new ArrayList<>();
    KvType kvType = settings.options().kvType();
    PassCost cost;
    RandomTokens ids;
    long fileBytes;
    String kernels;
    try (OwnEngine engine = open(settings.threads().getFirst())) {
      ids = engine.ids();
      kernels = engine.kernels().replaceAll(", .*", "");
      checkFits(engine);
    }
    try (GgufFile file = model.open()) {
      cost = PassCost.of(file, kvType);
      fileBytes = file.tensors().stream().mapToLong(t -> t.byteSize()).sum();
    }
    boolean inTurns = 2.2 * fileBytes < Machine.here().memoryBytes();
    conditions.add("qwen-mcp: " + kernels + ", keys and values " + kvType + ", no guesses");
    settings
        .peer()
        .ifPresent(peer ->
            conditions.add(
                peer.description()
                    + ": keys and values F16, with and without flash attention, the better counts; "
                    + (inTurns
                        ? "runs take turns"
                        : "measured after qwen-mcp, as memory does not hold the model twice")));
    if (settings.extras().memory()) { // first: later engines take up what earlier ones gave back
      memory.addAll(
          new ContextMemoryBench(model, settings, settings.threads().getFirst(), progress)
              .run(cost.kvBytes(), depths()));
    }
    for (int threads : settings.threads()) {
      List<BenchRun.Outcome> outcomes = outcomes(threads, ids, inTurns);
      List<Limits> all = outcomes.stream().flatMap(o -> o.limits().stream()).toList();
      Limits overall = Limits.median(all);
      conditions.add("limits (medians, measured before every run), " + overall.line());
      for (BenchRun.Outcome outcome : outcomes) {
        Limits limits = outcome.limits().isEmpty() ? overall : Limits.median(outcome.limits());
        measurements.add(
            new Measurement(
                threads,
                outcome.workload(),
                outcome.busy(),
                limits,
                cost.of(outcome.workload()),
                outcome.speeds()));
      }
      if (settings.extras().copying()) {
        copying.addAll(
            new CopyingBench(model, settings, threads, settings.plan().repetitions(), progress)
                .run());
      }
      if (settings.extras().lasting().isPositive()) {
        lasting.addAll(new LastingBench(() -> open(threads), settings, threads, progress).run());
      }
    }
    return new Report(
        Machine.here(),
        model.description(),
        conditions,
        measurements,
        new Report.Extras(copying, memory, lasting));
  }

  private List<Integer> depths() {
    return settings.plan().workloads().stream().map(Workload::depth).distinct().toList();
  }

  private List<BenchRun.Outcome> outcomes(int threads, RandomTokens ids, boolean inTurns)
      throws BenchException {
    if (settings.plan().workloads().isEmpty()) {
      return List.of();
    }
    int positions =
        settings.plan().workloads().stream().mapToInt(Workload::positions).max().getAsInt();
    List<Contender.Source> sources = new ArrayList<>();
    sources.add(() -> open(threads));
    settings
        .peer()
        .ifPresent(peer -> sources.add(peer.contender(threads, positions, ids.vocabulary())));
    BenchRun run =
        new BenchRun(
            settings.plan(),
            self,
            work -> progress.accept(threads + " threads, " + work),
            () -> Limits.measure(settings.options().kernels(), threads));
    return inTurns ? run.inTurns(sources) : run.oneByOne(sources);
  }

  private OwnEngine open(int threads) throws BenchException {
    try {
      return OwnEngine.open(model.open(), settings.options(threads, EngineOptions.Drafting.NONE));
    } catch (IOException e) {
      throw new BenchException(e.getMessage(), e);
    }
  }

  private void checkFits(OwnEngine engine) throws BenchException {
    for (Workload workload : settings.plan().workloads()) {
      if (!engine.can(workload)) {
        throw new BenchException(
            workload.name()
                + " takes "
                + workload.positions()
                + " positions, more than the model's context; ask for less depth or length");
      }
    }
  }
}
