package dev.qwenmcp.engine.kernel;

/**
 * What a machine can do at most, to judge measured speeds by; see {@link
 * NativeKernels#measureLimits}.
 *
 * @param threads that it was measured with
 * @param readBytes bytes a second read from memory, one after another
 * @param int8Products multiply-adds a second of the instruction set's int8 dot product, operands at
 *     hand
 */
public record MachineLimits(int threads, double readBytes, double int8Products) {}
