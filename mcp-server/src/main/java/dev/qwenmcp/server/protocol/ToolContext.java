package dev.qwenmcp.server.protocol;

import dev.qwenmcp.engine.Cancellation;
import dev.qwenmcp.engine.Usage;
import java.util.Optional;
import java.util.SequencedMap;
import tools.jackson.databind.node.ObjectNode;

/** What a tool knows of the call that it answers; the same in every protocol era and transport. */
public interface ToolContext {

  /** The JSON-RPC request's id as text. */
  String requestId();

  /** Set when the client cancels, closes its stream, or the server stops. */
  Cancellation cancellation();

  /** Who calls: {@code "local"} over stdio. */
  String principal();

  /**
   * Tells the client how far the call is; does nothing where the client sent no progress token.
   *
   * @param progress rising from call to call
   * @param total the value at the end, or null where unknown
   * @param message for people
   */
  void progress(double progress, Double total, String message);

  /**
   * Adds a remark to the call's result that no schema foresees, such as where it was kept.
   *
   * @param remark for people and models; the same remark is added once
   */
  void remark(String remark);

  /**
   * Says what a model was given and wrote for the call, for measures; the result says it to the
   * client.
   *
   * @param usage of one use of a model, added to those before
   */
  default void used(Usage usage) {
    // Nobody measures.
  }

  /** Hears what models do for the call while they do it. */
  default WorkListener work() {
    return WorkListener.NONE;
  }

  /** Whether the client asked for progress. */
  boolean wantsProgress();

  /**
   * Asks the client, and waits for its answer.
   *
   * <p>In some eras the call ends here and runs again from its beginning when the answer has come;
   * so what a call does before it asks is done again, and a tool asks before it changes anything.
   *
   * @return empty if the client cannot be asked such a thing
   * @throws ToolException with the code {@link Question#CLIENT_FAILED} if it says that it can, and
   *     answers with an error or not in time
   * @throws InterruptedException if the call was cancelled meanwhile
   */
  default <A> Optional<A> ask(Question<A> question) throws ToolException, InterruptedException {
    return Optional.empty();
  }

  /**
   * Asks several things at once, and waits for all answers; as {@link #ask}.
   *
   * @param questions by keys of the tool's own, the same each time the call is run
   * @return empty if the client cannot be asked one of them
   */
  default Optional<Answers> askAll(SequencedMap<String, Question<?>> questions)
      throws ToolException, InterruptedException {
    return Optional.empty();
  }

  /**
   * Tells the client what happens, for people who look for it; dropped where the client wants only
   * what matters more.
   *
   * @param logger what part of the server says so
   */
  default void log(LogLevel level, String logger, String message) {
    // A caller without a log.
  }

  /**
   * Runs something when the call has ended, whatever its outcome; the last one said first.
   *
   * @param action releases what the call used; does not fail
   */
  void onEnd(Runnable action);

  /** Whether nobody waits for the call, which then lets others go first. */
  default boolean inBackground() {
    return false;
  }

  /**
   * Says how the call goes on if the server ends before it: the same tool with other arguments.
   *
   * @param arguments that go on where the call was
   */
  default void goesOnWith(ObjectNode arguments) {
    // Only calls that outlive the server need to know.
  }
}
