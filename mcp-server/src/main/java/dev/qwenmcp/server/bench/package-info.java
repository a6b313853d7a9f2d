/**
 * Measures speed: prompts and generation at lengths and depths, beside the machine's limits and
 * beside llama.cpp in alternation.
 *
 * <p>Uses the engine's public API, so what is measured is what a caller gets. Start reading at
 * {@link dev.qwenmcp.server.bench.BenchRun}; {@link dev.qwenmcp.server.bench.PassCost} derives
 * bytes and multiply-adds of a token.
 */
package dev.qwenmcp.server.bench;
