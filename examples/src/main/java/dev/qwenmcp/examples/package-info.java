/**
 * Programs on the public API: the engine embedded in Java, and the server seen from an MCP client.
 *
 * <p>Each file runs by itself; its comment says how.
 */
package dev.qwenmcp.examples;
