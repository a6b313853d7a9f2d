/**
 * What a tool is and what it is told about a call, the same in every protocol era and transport.
 *
 * <p>Tools depend on this package and on nothing else of the protocol: schemas are derived in
 * {@code protocol.schema}, calls run in {@code protocol.call}, the sessions of MCP 2024-11-05 to
 * 2025-11-25 are served in {@code protocol.legacy}. Start reading at {@link
 * dev.qwenmcp.server.protocol.Tool}.
 */
package dev.qwenmcp.server.protocol;
