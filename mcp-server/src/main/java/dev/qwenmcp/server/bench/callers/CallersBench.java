package dev.qwenmcp.server.bench.callers;

import dev.qwenmcp.engine.Engine;
import dev.qwenmcp.server.bench.BenchException;
import dev.qwenmcp.server.bench.RandomTokens;
import dev.qwenmcp.server.bench.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/** Lets callers generate at the same time, each with a session on a thread of its own. */
public final class CallersBench {
  private final Engine engine;
  private final RandomTokens ids;
  private final Plan plan;
  private final Consumer<String> progress;

  /**
   * What is measured.
   *
   * @param callers numbers of callers at once, the first of which is what others are compared with
   * @param promptTokens that each reads before
   * @param tokens that each draws
   * @param repetitions timed, after one that is not
   */
  public record Plan(List<Integer> callers, int promptTokens, int tokens, int repetitions) {
    public Plan {
      callers = List.copyOf(callers);
      if (callers.isEmpty()
          || callers.stream().anyMatch(n -> n < 1)
          || promptTokens < 1
          || tokens < 1
          || repetitions < 1) {
        throw new IllegalArgumentException("everything is at least 1");
      }
    }
  }

  /**
   * @param engine without drafting, so that a pass yields a token for each caller
   * @param progress hears what is being measured
   */
  public CallersBench(Engine engine, Plan plan, Consumer<String> progress) {
    this.engine = engine;
    this.ids = RandomTokens.of(engine.tokenizer());
    this.plan = plan;
    this.progress = progress;
  }

  /**
   * Measures each number of callers.
   *
   * @throws BenchException if a caller fails
   */
  public List<TogetherSpeed> run() throws BenchException {
    List<List<Double>> speeds = new ArrayList<>();
    plan.callers().forEach(_ -> speeds.add(new ArrayList<>()));
    // Round after round, so that what drifts while it lasts meets all numbers alike.
    for (int round = 0; round <= plan.repetitions(); round++) {
      for (int i = 0; i < speeds.size(); i++) {
        int callers = plan.callers().get(i);
        progress.accept(callers + " at once");
        double seconds = secondsTogether(callers);
        if (round > 0) { // the first one warms up
          speeds.get(i).add(callers * plan.tokens() / seconds);
        }
      }
    }
    List<TogetherSpeed> result = new ArrayList<>();
    for (int i = 0; i < speeds.size(); i++) {
      result.add(new TogetherSpeed(plan.callers().get(i), new Sample(speeds.get(i))));
    }
    return result;
  }

  /** Seconds from when all have read their prompts until the last has drawn its tokens. */
  private double secondsTogether(int count) throws BenchException {
    List<Caller> callers = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(count)) {
      long[] start = new long[1];
      CyclicBarrier allRead = new CyclicBarrier(count, () -> start[0] = System.nanoTime());
      List<Callable<Long>> tasks = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        Caller caller = new Caller(engine, ids, i, plan.promptTokens(), plan.tokens());
        callers.add(caller);
        tasks.add(() -> generate(caller, allRead));
      }
      long end = Long.MIN_VALUE;
      for (Future<Long> done : threads.invokeAll(tasks)) {
        end = Math.max(end, done.get());
      }
      return (end - start[0]) * 1e-9;
    } catch (ExecutionException e) {
      throw new BenchException("a caller failed: " + e.getCause(), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BenchException("interrupted", e);
    } finally {
      callers.forEach(Caller::close);
    }
  }

  private static long generate(Caller caller, CyclicBarrier allRead)
      throws InterruptedException, BrokenBarrierException {
    try {
      caller.read();
    } catch (RuntimeException e) {
      allRead.reset(); // or the others would wait forever
      throw e;
    }
    allRead.await();
    caller.draw();
    return System.nanoTime();
  }
}
