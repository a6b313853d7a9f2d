package dev.qwenmcp.server.bench.callers;

import dev.qwenmcp.engine.Engine;
import dev.qwenmcp.engine.batch.BusyException;
import dev.qwenmcp.engine.batch.Load;
import dev.qwenmcp.engine.kv.CacheStatistics;
import dev.qwenmcp.server.bench.BenchException;
import dev.qwenmcp.server.bench.ProcessMemory;
import dev.qwenmcp.server.bench.RandomTokens;
import dev.qwenmcp.server.bench.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Lets more callers than can be served at once come at the same moment, with equal work; and one
 * more when all of them are served or wait.
 */
public final class CrowdBench {
  private static final long SAMPLE_MILLIS = 5;

  /** Numbers of callers begin here: their prompts are not those of other measurements. */
  private static final int FIRST_CALLER = 1000;

  private final Engine engine;
  private final RandomTokens ids;
  private final Plan plan;
  private Optional<Crowd.Refusal> refusal = Optional.empty();
  private long keyBytes;
  private long resident;

  /**
   * What is measured.
   *
   * @param callers how many come; the engine has as many slots and places to wait together
   * @param promptTokens that each reads
   * @param tokens that each draws
   */
  public record Plan(int callers, int promptTokens, int tokens) {
    public Plan {
      if (callers < 1 || promptTokens < 1 || tokens < 1) {
        throw new IllegalArgumentException("everything is at least 1");
      }
    }
  }

  /**
   * @param engine without drafting, so that all callers' work is equal
   */
  public CrowdBench(Engine engine, Plan plan) {
    this.engine = engine;
    this.ids = RandomTokens.of(engine.tokenizer());
    this.plan = plan;
  }

  /**
   * Lets all of them come.
   *
   * @throws BenchException if one fails
   */
  public Crowd run() throws BenchException {
    sample();
    long before = resident;
    CountDownLatch go = new CountDownLatch(1);
    try (ExecutorService threads = Executors.newFixedThreadPool(plan.callers())) {
      List<Future<Long>> firstTokens = new ArrayList<>();
      for (int i = 0; i < plan.callers(); i++) {
        int number = FIRST_CALLER + i;
        firstTokens.add(
            threads.submit(() -> {
              go.await();
              return call(number);
            }));
      }
      long start = System.nanoTime();
      go.countDown();
      threads.shutdown();
      while (!threads.awaitTermination(SAMPLE_MILLIS, TimeUnit.MILLISECONDS)) {
        sample();
        comeWhenFull();
      }
      double seconds = (System.nanoTime() - start) * 1e-9;
      List<Double> waits = new ArrayList<>();
      for (Future<Long> firstToken : firstTokens) {
        waits.add((firstToken.get() - start) * 1e-9);
      }
      return new Crowd(new Sample(waits), seconds, refusal, memory(before));
    } catch (ExecutionException e) {
      throw new BenchException("a caller failed: " + e.getCause(), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BenchException("interrupted", e);
    }
  }

  private long call(int number) {
    try (Caller caller = new Caller(engine, ids, number, plan.promptTokens(), plan.tokens())) {
      return caller.readAndDraw();
    }
  }

  /** Comes as one too many, once. */
  private void comeWhenFull() {
    Load load = engine.load();
    if (refusal.isEmpty() && load.running() + load.waiting() == plan.callers()) {
      try {
        call(FIRST_CALLER - 1);
      } catch (BusyException e) {
        refusal = Optional.of(new Crowd.Refusal(e.running(), e.waiting(), e.retryAfter()));
      }
    }
  }

  private void sample() {
    CacheStatistics cache = engine.cacheStatistics();
    keyBytes = Math.max(keyBytes, cache.usedPages() * cache.pageBytes());
    resident =
        Math.max(resident, ProcessMemory.residentBytes(ProcessHandle.current().pid()).orElse(0));
  }

  private Crowd.Memory memory(long residentBefore) {
    CacheStatistics cache = engine.cacheStatistics();
    return new Crowd.Memory(
        keyBytes, cache.budgetPages() * cache.pageBytes(), residentBefore, resident);
  }
}
