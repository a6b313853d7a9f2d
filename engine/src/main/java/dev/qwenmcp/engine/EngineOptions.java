package dev.qwenmcp.engine;

import dev.qwenmcp.engine.batch.SchedulerOptions;
import dev.qwenmcp.engine.kv.KvType;

/**
 * How an engine runs a model.
 *
 * @param kernels which kernels compute
 * @param threads compute threads, 0 for one a core
 * @param kvType storage of keys and values
 * @param contextTokens longest sequence, 0 for the model's own limit or what memory holds
 * @param batchTokens most tokens of one prompt step
 * @param drafting where guesses of several tokens a pass come from; never changes the result
 * @param cache where keys and values are kept
 * @param scheduling how many sequences run and wait
 */
public record EngineOptions(
    KernelChoice kernels,
    int threads,
    KvType kvType,
    int contextTokens,
    int batchTokens,
    Drafting drafting,
    CacheOptions cache,
    SchedulerOptions scheduling) {

  public EngineOptions {
    if (threads < 0 || contextTokens < 0 || batchTokens < 1) {
      throw new IllegalArgumentException(
          "threads and contextTokens are at least 0, batchTokens at least 1: "
              + threads
              + ", "
              + contextTokens
              + ", "
              + batchTokens);
    }
  }

  /** Which implementation computes. */
  public enum KernelChoice {
    /** Native where the library loads, Java with a warning otherwise. */
    AUTO,
    /** Native, or an error. */
    NATIVE,
    /** The reference implementation. */
    JAVA
  }

  /** Where guesses of the next tokens come from. */
  public enum Drafting {
    /** From what stands in the sequence already. */
    LOOKUP,
    /** No guesses: one token a pass. */
    NONE
  }

  /** Options with lookup drafting and a cache in memory. */
  public EngineOptions(
      KernelChoice kernels, int threads, KvType kvType, int contextTokens, int batchTokens) {
    this(kernels, threads, kvType, contextTokens, batchTokens, Drafting.LOOKUP);
  }

  /** Options with a cache in memory. */
  public EngineOptions(
      KernelChoice kernels,
      int threads,
      KvType kvType,
      int contextTokens,
      int batchTokens,
      Drafting drafting) {
    this(
        kernels,
        threads,
        kvType,
        contextTokens,
        batchTokens,
        drafting,
        CacheOptions.IN_MEMORY,
        SchedulerOptions.DEFAULT);
  }

  /** The same with another cache. */
  public EngineOptions withCache(CacheOptions other) {
    return new EngineOptions(
        kernels, threads, kvType, contextTokens, batchTokens, drafting, other, scheduling);
  }

  /** The same with other numbers of sequences. */
  public EngineOptions withScheduling(SchedulerOptions other) {
    return new EngineOptions(
        kernels, threads, kvType, contextTokens, batchTokens, drafting, cache, other);
  }

  public static final EngineOptions DEFAULT =
      new EngineOptions(KernelChoice.AUTO, 0, KvType.Q8_0, 0, 512, Drafting.LOOKUP);
}
