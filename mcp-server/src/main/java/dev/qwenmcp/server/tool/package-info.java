/**
 * The tools that clients call, one file each: a record in, a record out.
 *
 * <p>Every tool takes and returns {@code context_id} and writes down in the context what it read
 * and produced, so that the next tool can go on from there. Names in JSON are snake case
 * throughout. Prompts are files ({@link dev.qwenmcp.server.tool.PromptLibrary}). Start reading at
 * {@link dev.qwenmcp.server.tool.ToolSet}, then at {@link dev.qwenmcp.server.tool.WorkingContext}
 * and {@link dev.qwenmcp.server.tool.ChatModel}, which the tools share.
 */
package dev.qwenmcp.server.tool;
