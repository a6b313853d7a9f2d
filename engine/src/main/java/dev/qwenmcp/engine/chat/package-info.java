/**
 * Conversations to token ids and generated text back to replies, in Qwen3's chat format.
 *
 * <p>May use the JDK and the {@code gguf}, {@code grammar}, {@code json} and {@code tokenizer}
 * packages. Start reading at {@link dev.qwenmcp.engine.chat.ChatTemplate}; {@code Qwen3Format} is
 * the template itself, {@code TemplateFamily} knows which files' templates it stands for. The way
 * back is {@link dev.qwenmcp.engine.chat.AssistantReply}, piece by piece {@link
 * dev.qwenmcp.engine.chat.ReplyStream}.
 */
package dev.qwenmcp.engine.chat;
