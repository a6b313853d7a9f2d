/**
 * Runs Qwen3 models: an {@link dev.qwenmcp.engine.Engine} is a loaded model, a {@link
 * dev.qwenmcp.engine.Session} one timeline of tokens in it.
 *
 * <p>Start reading at {@link dev.qwenmcp.engine.Session#generate}.
 */
package dev.qwenmcp.engine;
