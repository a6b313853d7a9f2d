package dev.qwenmcp.engine.model;

import dev.qwenmcp.engine.kernel.Kernels;
import java.lang.foreign.MemorySegment;

/**
 * What a pass makes of one token, valid while it is handed over.
 *
 * @param values native float32: logits (vocabulary), or the state (width)
 * @param maxima native float32: the largest of each {@link Kernels#MAXIMUM_ROWS} neighbouring
 *     logits, NaN where one of them is; null for a state
 */
public record TokenOutput(MemorySegment values, MemorySegment maxima) {}
