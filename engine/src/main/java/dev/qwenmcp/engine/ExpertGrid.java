package dev.qwenmcp.engine;

/**
 * The experts of a mixture.
 *
 * @param layers blocks, each with experts of its own
 * @param experts of a block
 * @param used of these, for each token
 */
public record ExpertGrid(int layers, int experts, int used) {}
