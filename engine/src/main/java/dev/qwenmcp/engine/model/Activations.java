package dev.qwenmcp.engine.model;

import dev.qwenmcp.engine.kv.PageMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Float32 buffers of one forward pass, for up to {@code tokens} tokens; row-major, no gaps. */
final class Activations {
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

  /**
   * Takes memory for them, of arbitrary content. Most passes are short, and what they do not use is
   * never touched where kernels have memory of their own.
   *
   * @param memory gives it
   * @param arena frees it
   */
  Activations(PageMemory memory, Arena arena, ModelConfig config, int tokens) {
    x = floats(memory, arena, tokens, config.width());
    query = floats(memory, arena, tokens, config.heads() * config.headDim());
    key = floats(memory, arena, tokens, config.kvHeads() * config.headDim());
    value = floats(memory, arena, tokens, config.kvHeads() * config.headDim());
    attended = floats(memory, arena, tokens, config.heads() * config.headDim());
    cos = floats(memory, arena, tokens, config.headDim() / 2);
    sin = floats(memory, arena, tokens, config.headDim() / 2);
    routing =
        switch (config.feedForward()) {
          case ModelConfig.Dense _ -> null;
          case ModelConfig.Experts mixture ->
              floats(memory, arena, tokens, mixture.used()); // int32 has the same size
        };
  }

  /** A matrix of float32, not initialised. */
  static MemorySegment floats(PageMemory memory, Arena arena, long rows, long cols) {
    return memory.allocate(Math.multiplyExact(4, Math.multiplyExact(rows, cols)), arena);
  }
}
