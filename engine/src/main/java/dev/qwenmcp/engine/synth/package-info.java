/**
 * Models of random, well-scaled weights in the shapes of real ones, for benchmarks and tests.
 *
 * <p>Uses {@code gguf} only; llama.cpp loads these files as well. Start reading at {@link
 * dev.qwenmcp.engine.synth.SyntheticModel}.
 */
package dev.qwenmcp.engine.synth;
