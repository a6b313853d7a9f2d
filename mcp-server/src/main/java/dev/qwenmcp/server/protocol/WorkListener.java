package dev.qwenmcp.server.protocol;

import dev.qwenmcp.engine.ExpertGrid;
import dev.qwenmcp.engine.model.ExpertListener;
import java.util.Optional;

/**
 * Hears what models do for a call while they do it. Its methods are called by threads that others
 * wait for, so they neither wait nor fail.
 */
@FunctionalInterface
public interface WorkListener {
  /** Nobody listens. */
  WorkListener NONE = (_, _) -> Work.UNHEARD;

  /**
   * A model is put to work.
   *
   * @param model its name
   * @param experts of its mixture, empty for a dense model or one that runs elsewhere
   */
  Work begins(String model, Optional<ExpertGrid> experts);

  /** One prompt and what is written after it. */
  interface Work {
    /** Nobody listens. */
    Work UNHEARD = new Work() {};

    /**
     * Tokens of the prompt are read.
     *
     * @param done so far, of those that were not known before
     * @param total to be read
     */
    default void read(int done, int total) {
      // Nobody listens.
    }

    /**
     * Tokens are written.
     *
     * @param tokens so far
     */
    default void wrote(int tokens) {
      // Nobody listens.
    }

    /** What hears which experts the tokens take. */
    default ExpertListener experts() {
      return ExpertListener.NONE;
    }
  }
}
