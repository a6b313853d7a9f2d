package dev.qwenmcp.engine;

/**
 * How likely continuations of a prompt are.
 *
 * @param logProbabilities sum of log-probabilities (natural logarithm) of each continuation
 * @param usage what it cost; nothing is generated, so {@link Usage#generateSeconds} is the time
 *     that the continuations took
 */
public record Scores(double[] logProbabilities, Usage usage) {}
