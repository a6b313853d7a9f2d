/**
 * Models behind OpenAI-compatible servers: vLLM, SGLang, llama-server, Ollama.
 *
 * <p>Where they are and how they are spoken to comes from a {@link
 * dev.qwenmcp.server.remote.RemoteModelsFile} alone, never from a call. May use the engine's
 * values; knows nothing of MCP. Start with {@link dev.qwenmcp.server.remote.RemoteModel}.
 */
package dev.qwenmcp.server.remote;
