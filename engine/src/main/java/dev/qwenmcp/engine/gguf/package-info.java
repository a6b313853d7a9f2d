/**
 * GGUF files: reading, checking, writing and summarising them.
 *
 * <p>Start with {@link dev.qwenmcp.engine.gguf.GgufFile}, which maps a file and trusts nothing in
 * it; its tensors are {@link dev.qwenmcp.engine.gguf.TensorInfo}, its key-value pairs {@link
 * dev.qwenmcp.engine.gguf.GgufMetadata}. {@link dev.qwenmcp.engine.gguf.GgufWriter} writes what a
 * {@link dev.qwenmcp.engine.gguf.GgufDraft} declares. Uses the JDK alone and no other package of
 * the engine.
 */
package dev.qwenmcp.engine.gguf;
