package dev.qwenmcp.engine;

import java.nio.file.Path;

/**
 * Where an engine keeps keys and values, and how many.
 *
 * @param memoryBytes most bytes in memory; 0 for what weights and working memory leave when the
 *     engine opens, at most half of what is available then
 * @param directory where they outlast the process, shared with other processes of the same user;
 *     null for memory alone
 * @param diskBytes most bytes below {@code directory}, whatever the number of models
 */
public record CacheOptions(long memoryBytes, Path directory, long diskBytes) {
  /** 16 GiB: some 80 documents of 4,000 tokens with Qwen3-30B-A3B, in Q8_0. */
  public static final long DEFAULT_DISK_BYTES = 16L << 30;

  /** What memory allows, no disk. */
  public static final CacheOptions IN_MEMORY = new CacheOptions(0, null, 0);

  public CacheOptions {
    if (memoryBytes < 0 || diskBytes < 0) {
      throw new IllegalArgumentException(
          "memoryBytes and diskBytes are at least 0: " + memoryBytes + ", " + diskBytes);
    }
  }

  /** The same on disk as well, within {@link #DEFAULT_DISK_BYTES}. */
  public CacheOptions withDirectory(Path folder) {
    return new CacheOptions(memoryBytes, folder, DEFAULT_DISK_BYTES);
  }

  /** The same within another budget in memory. */
  public CacheOptions withMemory(long bytes) {
    return new CacheOptions(bytes, directory, diskBytes);
  }

  /** The same within another budget on disk. */
  public CacheOptions withDisk(long bytes) {
    return new CacheOptions(memoryBytes, directory, bytes);
  }
}
