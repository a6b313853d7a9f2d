/**
 * A server that has what the MCP conformance suite asks for, on the transports and services of the
 * product; {@code build-tools/conformance} runs the suite against it.
 */
package dev.qwenmcp.server.conformance;
