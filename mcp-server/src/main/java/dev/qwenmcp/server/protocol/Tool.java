package dev.qwenmcp.server.protocol;

/**
 * One MCP tool: a record in, a record out; both schemas are derived from the records.
 *
 * @param <I> arguments; every component carries a {@link Doc}
 * @param <O> structured result
 */
public interface Tool<I extends Record, O extends Record> {

  /** What clients see of it. */
  ToolSpec<I, O> spec();

  /**
   * Answers one call; runs on a thread of its own and may block.
   *
   * @throws ToolException for anything the caller can mend; becomes a result with isError
   * @throws InterruptedException if the call was cancelled while waiting
   */
  O call(I arguments, ToolContext context) throws ToolException, InterruptedException;
}
