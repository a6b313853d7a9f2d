/**
 * JSON-RPC 2.0 over byte streams: framing, messages, requests in flight, cancellation, the end.
 *
 * <p>Knows nothing of MCP but the name of its cancellation notice; what answers requests is a
 * {@link dev.qwenmcp.server.transport.RpcService}. Uses Jackson and Reactor, no MCP library. Start
 * reading at {@link dev.qwenmcp.server.transport.StdioTransport}, then {@link
 * dev.qwenmcp.server.transport.Connection}.
 */
package dev.qwenmcp.server.transport;
