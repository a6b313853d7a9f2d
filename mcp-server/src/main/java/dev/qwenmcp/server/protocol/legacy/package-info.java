/**
 * MCP revisions 2024-11-05 to 2025-11-25: sessions that begin with {@code initialize}.
 *
 * <p>The only package that uses the MCP SDK, through its public interfaces for transports; the SDK
 * gives the messages' schema, version negotiation and the standard methods. Start reading at {@link
 * dev.qwenmcp.server.protocol.legacy.LegacySessions}.
 */
package dev.qwenmcp.server.protocol.legacy;
