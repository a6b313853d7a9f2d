package dev.qwenmcp.engine.sample;

/**
 * Random numbers by Steele, Lea and Flood, "Fast splittable pseudorandom number generators" (2014).
 *
 * <p>Written out because seeds are a promise to users and the algorithms of the JDK's generators
 * other than {@link java.util.Random} are not part of their specification.
 */
final class SplitMix64 {
  private long state;

  SplitMix64(long seed) {
    state = seed;
  }

  /** Uniform in [0, 1), a multiple of 2^-53. */
  double nextDouble() {
    state += 0x9E3779B97F4A7C15L; // 2^64 / golden ratio, odd
    long z = state;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return ((z ^ (z >>> 31)) >>> 11) * 0x1p-53;
  }
}
