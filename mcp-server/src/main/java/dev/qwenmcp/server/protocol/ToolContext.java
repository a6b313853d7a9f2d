package dev.qwenmcp.server.protocol;

import dev.qwenmcp.engine.Cancellation;
import dev.qwenmcp.engine.Usage;
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

  /** Whether the client asked for progress. */
  boolean wantsProgress();

  /**
   * Runs something when the call has ended, whatever its outcome; the last one said first.
   *
   * @param action releases what the call used; does not fail
   */
  void onEnd(Runnable action);

  /** The client that made the call; one that answers nothing where none listens. */
  default ClientChannel client() {
    return ClientChannel.NONE;
  }

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
