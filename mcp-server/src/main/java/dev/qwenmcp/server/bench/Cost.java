package dev.qwenmcp.server.bench;

/**
 * What one token of a workload takes at least.
 *
 * @param bytes of weights, keys and values read from memory
 * @param products multiply-adds of matrices and attention
 */
public record Cost(double bytes, double products) {}
