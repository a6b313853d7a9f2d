/**
 * JSON-RPC over HTTP: Jetty on virtual threads, Streamable HTTP with its sessions, and the older
 * HTTP with server-sent events.
 *
 * <p>What answers is an {@link dev.qwenmcp.server.transport.RpcService}, as over standard input; a
 * connection of HTTP is a way for messages and no more. Other servlets and filters are added as
 * {@link dev.qwenmcp.server.transport.http.HttpPart}s. Uses Jetty, Jackson and Reactor, no MCP
 * library. Start reading at {@link dev.qwenmcp.server.transport.http.HttpServer}, then {@link
 * dev.qwenmcp.server.transport.http.McpServlet}.
 */
package dev.qwenmcp.server.transport.http;
