package dev.qwenmcp.engine.model;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Float32 buffers of one forward pass, for up to {@code tokens} tokens; row-major, no gaps. */
final class Activations {
  private static final long CACHE_LINE = 64;

  /** Residual stream (tokens, width). */
  final MemorySegment x;

  /** Queries (tokens, heads * headDim). */
  final MemorySegment query;

  /** Keys (tokens, kvHeads * headDim). */
  final MemorySegment key;

  /** Values (tokens, kvHeads * headDim). */
  final MemorySegment value;

  /** Attention results (tokens, heads * headDim). */
  final MemorySegment attended;

  /** Rotary cosines (tokens, headDim / 2). */
  final MemorySegment cos;

  /** Rotary sines (tokens, headDim / 2). */
  final MemorySegment sin;

  /** Chosen experts (tokens, used) int32; null in a dense model. */
  final MemorySegment routing;

  Activations(Arena arena, ModelConfig config, int tokens) {
    x = floats(arena, tokens, config.width());
    query = floats(arena, tokens, config.heads() * config.headDim());
    key = floats(arena, tokens, config.kvHeads() * config.headDim());
    value = floats(arena, tokens, config.kvHeads() * config.headDim());
    attended = floats(arena, tokens, config.heads() * config.headDim());
    cos = floats(arena, tokens, config.headDim() / 2);
    sin = floats(arena, tokens, config.headDim() / 2);
    routing =
        switch (config.feedForward()) {
          case ModelConfig.Dense _ -> null;
          case ModelConfig.Experts mixture ->
              arena.allocate(ValueLayout.JAVA_INT, (long) tokens * mixture.used());
        };
  }

  static MemorySegment floats(Arena arena, long rows, long cols) {
    return arena.allocate(Math.multiplyExact(4, Math.multiplyExact(rows, cols)), CACHE_LINE);
  }
}
