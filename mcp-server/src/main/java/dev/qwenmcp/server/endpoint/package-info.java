/**
 * The MCP server as a whole: tools on one side, a pair of streams on the other.
 *
 * <p>Joins {@code protocol} and its subpackages to {@code transport}; start reading at {@link
 * dev.qwenmcp.server.endpoint.McpEndpoint}.
 */
package dev.qwenmcp.server.endpoint;
