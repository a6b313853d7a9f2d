/**
 * Keys and values in pages of 64 tokens: layout, memory, and the pages of a sequence.
 *
 * <p>Uses {@code gguf} for element types. Start reading at {@link dev.qwenmcp.engine.kv.KvLayout}.
 */
package dev.qwenmcp.engine.kv;
