/**
 * Text to token ids and back: byte-level BPE as Qwen models use it.
 *
 * <p>May use the JDK and the {@code gguf} package. Start reading at {@link
 * dev.qwenmcp.engine.tokenizer.BpeTokenizer}; text passes through {@code NormalForm} (NFC), {@code
 * PreTokenizer} (words) and {@code WordEncoder} (merges) in this order. {@code Vocabulary} holds
 * the tokens, {@code MergeTable} the merges; {@link dev.qwenmcp.engine.tokenizer.TokenStream} turns
 * generated ids into text as they come.
 */
package dev.qwenmcp.engine.tokenizer;
