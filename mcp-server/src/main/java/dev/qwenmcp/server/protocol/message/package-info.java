/**
 * What the server sends in MCP's JSON, where it is the same in every era: tools and their results,
 * resources, prompts, progress.
 *
 * <p>Knows the contract of tools and their calls, no transport and no era.
 */
package dev.qwenmcp.server.protocol.message;
