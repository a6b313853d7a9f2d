/**
 * Which models there are, and which of them are loaded.
 *
 * <p>{@link dev.qwenmcp.server.model.ModelCatalog} turns names and paths into files, {@link
 * dev.qwenmcp.server.model.LazyModelHost} turns files into engines that calls lease, within a
 * budget of memory. May use the engine and {@code remote}; knows nothing of MCP. Start with {@link
 * dev.qwenmcp.server.model.ModelHost}.
 */
package dev.qwenmcp.server.model;
