/**
 * MCP 2026-07-28: requests that say by themselves who asks, in which revision, and what the client
 * can do; no session.
 *
 * <p>State that outlives a request travels with the client, sealed ({@link
 * dev.qwenmcp.server.protocol.modern.RequestState}), or is named by a handle. Uses no MCP library.
 * Start reading at {@link dev.qwenmcp.server.protocol.modern.ModernService}.
 */
package dev.qwenmcp.server.protocol.modern;
