/**
 * Measures how much of a document is read again when tools work on it one after the other: in one
 * context, in forks, beside another document, after a restart; and llama.cpp with the same prompts.
 *
 * <p>Our side is a server process that is asked over MCP, so what is measured is what a client
 * gets. Start reading at {@link dev.qwenmcp.server.bench.reuse.ReuseBench}; {@link
 * dev.qwenmcp.server.bench.reuse.Flow} lists the calls.
 */
package dev.qwenmcp.server.bench.reuse;
