/**
 * Which models there are and when they are loaded.
 *
 * <p>{@link dev.qwenmcp.server.model.ModelCatalog} turns names and paths into files, {@link
 * dev.qwenmcp.server.model.LazyModelHost} turns files into engines that the tools share. May use
 * the engine; knows nothing of MCP. Start with {@link dev.qwenmcp.server.model.ModelHost}.
 */
package dev.qwenmcp.server.model;
