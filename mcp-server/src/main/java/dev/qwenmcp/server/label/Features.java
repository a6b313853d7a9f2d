package dev.qwenmcp.server.label;

/**
 * What a classifier knows of a text.
 *
 * @param dense its embedding, of length 1
 * @param sparse its words
 */
record Features(float[] dense, SparseVector sparse) {}
