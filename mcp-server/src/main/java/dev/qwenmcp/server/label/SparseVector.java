package dev.qwenmcp.server.label;

/**
 * A vector that is zero but for a few places.
 *
 * @param indices of these places, rising
 * @param values there
 */
record SparseVector(int[] indices, float[] values) {}
