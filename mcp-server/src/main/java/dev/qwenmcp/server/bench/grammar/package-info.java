/**
 * What constrained decoding costs and how many schemas it understands.
 *
 * <p>Start at {@link dev.qwenmcp.server.bench.grammar.MaskBench} and {@link
 * dev.qwenmcp.server.bench.grammar.ConstrainedSpeed}. Uses the engine.
 */
package dev.qwenmcp.server.bench.grammar;
