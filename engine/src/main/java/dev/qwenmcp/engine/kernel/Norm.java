package dev.qwenmcp.engine.kernel;

import java.lang.foreign.MemorySegment;

/**
 * RMS normalisation.
 *
 * @param weight float32 gains, one an element
 * @param epsilon added to the mean square
 */
public record Norm(MemorySegment weight, float epsilon) {}
