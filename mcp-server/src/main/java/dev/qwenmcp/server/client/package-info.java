/**
 * A small client for Java programs: {@link dev.qwenmcp.server.client.ToolSteps} calls the tools of
 * a server step by step over the MCP SDK's client and passes the context by itself. Uses nothing of
 * the server.
 */
package dev.qwenmcp.server.client;
