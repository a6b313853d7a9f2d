package dev.qwenmcp.server.bench;

import dev.qwenmcp.engine.Engine;
import dev.qwenmcp.engine.EngineOptions.Drafting;
import dev.qwenmcp.engine.Session;
import dev.qwenmcp.engine.SessionOptions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * Whether a growing context takes the bytes of its keys and values and nothing else: one session
 * reads on and on, and the process's memory is compared at each length.
 */
final class ContextMemoryBench {
  private static final int FIRST = PassCost.PROMPT_PASS; // a full pass: all buffers are there

  private final Bench.Model model;
  private final Bench.Settings settings;
  private final int threads;
  private final Consumer<String> progress;

  ContextMemoryBench(
      Bench.Model model, Bench.Settings settings, int threads, Consumer<String> progress) {
    this.model = model;
    this.settings = settings;
    this.threads = threads;
    this.progress = progress;
  }

  /**
   * @param kvBytes of one token
   * @param depths lengths to look at; those of no more than one pass are left out
   * @throws IOException if the model cannot be read
   */
  List<ContextMemory> run(long kvBytes, List<Integer> depths) throws IOException {
    List<ContextMemory> rows = new ArrayList<>();
    try (Engine engine = Engine.open(model.open(), settings.options(threads, Drafting.NONE));
        Session session = engine.newSession(SessionOptions.UNCACHED)) {
      RandomTokens ids = RandomTokens.of(engine.tokenizer());
      OwnEngine.generate(session, ids.first(FIRST, 0), new int[0]);
      OptionalLong before = memory();
      int read = FIRST;
      for (int depth : depths.stream().filter(d -> d > FIRST).sorted().distinct().toList()) {
        progress.accept(threads + " threads, memory of " + depth + " tokens");
        OwnEngine.generate(session, ids.first(depth - read, depth), new int[0]);
        OptionalLong after = memory();
        rows.add(
            new ContextMemory(
                threads,
                depth - FIRST,
                kvBytes * (depth - FIRST),
                before.isPresent() && after.isPresent()
                    ? OptionalLong.of(after.getAsLong() - before.getAsLong())
                    : OptionalLong.empty()));
        read = depth;
      }
    }
    return rows;
  }

  /** With the Java heap, which a collection leaves at the size that it once needed. */
  private static OptionalLong memory() {
    System.gc();
    return ProcessMemory.anonymousBytes(ProcessHandle.current().pid());
  }
}
