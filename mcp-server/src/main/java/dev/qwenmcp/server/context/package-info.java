/**
 * Contexts: what passes between tool calls, under handles that clients carry.
 *
 * <p>Depends on the engine's values only. Start reading at {@link
 * dev.qwenmcp.server.context.ContextStore}; {@link dev.qwenmcp.server.context.InMemoryContextStore}
 * keeps everything in the process.
 */
package dev.qwenmcp.server.context;
