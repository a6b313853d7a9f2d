/**
 * Draws tokens from logits and ends texts at stop strings.
 *
 * <p>Start reading at {@link dev.qwenmcp.engine.sample.SamplerChain}, which states the order of the
 * stages; each stage is a class of its own that narrows {@code Candidates}. Uses the JDK and {@link
 * dev.qwenmcp.engine.chat.ThinkingMode}. Everything here is deterministic: the same logits and seed
 * give the same tokens on every platform.
 */
package dev.qwenmcp.engine.sample;
