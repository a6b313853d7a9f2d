/**
 * Qwen3 as a graph of fused kernels: configuration, weights and the forward pass.
 *
 * <p>Uses {@code gguf}, {@code kernel} and {@code kv}. Start reading at {@link
 * dev.qwenmcp.engine.model.QwenModel#start}.
 */
package dev.qwenmcp.engine.model;
