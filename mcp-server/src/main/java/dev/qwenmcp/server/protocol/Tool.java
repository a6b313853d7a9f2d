package dev.qwenmcp.server.protocol;

import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

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
   * <p>A cancelled call sees {@link ToolContext#cancellation()} set. Its thread is not interrupted,
   * because an interrupt closes the file channels that the thread is using; so what waits long
   * looks at the cancellation.
   *
   * @throws ToolException for anything the caller can mend; becomes a result with isError
   * @throws InterruptedException if the call was cancelled while waiting
   */
  O call(I arguments, ToolContext context) throws ToolException, InterruptedException;

  /** Whether calls may become tasks, which go on without the client. */
  default TaskSupport tasks() {
    return TaskSupport.NONE;
  }

  /**
   * Asks the client what has to be known before a call becomes a task; the task hears the same
   * answers when it asks again.
   *
   * @throws ToolException for anything the caller can mend
   * @throws InterruptedException if the call was cancelled while waiting
   */
  default void prepare(I arguments, ToolContext context)
      throws ToolException, InterruptedException {
    // Most tools know all they need.
  }

  /**
   * The result in words, for clients that show text and do not read structured content.
   *
   * @return empty for the result's JSON
   */
  default Optional<String> text(O result) {
    return Optional.empty();
  }

  /** Resources that the result speaks of, for clients that let their users open them. */
  default List<ResourceLink> links(O result) {
    return List.of();
  }

  /** Pictures and the like that belong to the result besides its text. */
  default List<Content> contents(O result) {
    return List.of();
  }

  /**
   * The schema of the arguments, where it says more than a record can; it fits the record's.
   *
   * @return empty for the one derived from the record
   */
  default Optional<ObjectNode> argumentSchema() {
    return Optional.empty();
  }
}
