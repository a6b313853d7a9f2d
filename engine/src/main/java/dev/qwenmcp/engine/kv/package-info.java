/**
 * Keys and values in pages of 64 tokens: layout, memory, the pages of a sequence, and the cache
 * that lets sequences share every prefix that was computed before.
 *
 * <p>Uses {@code gguf} for element types. Start reading at {@link dev.qwenmcp.engine.kv.KvLayout},
 * then {@link dev.qwenmcp.engine.kv.KvCache}.
 */
package dev.qwenmcp.engine.kv;
