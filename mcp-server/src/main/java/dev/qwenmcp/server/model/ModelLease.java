package dev.qwenmcp.server.model;

import dev.qwenmcp.engine.Engine;
import java.util.function.Function;

/** The use of a loaded model, which stays loaded until this is closed; safe for many threads. */
public interface ModelLease extends AutoCloseable {
  Engine engine();

  /**
   * What is kept with the engine and goes with it, such as what was compiled for its vocabulary.
   *
   * @param type tells companions apart
   * @param create makes it the first time
   */
  <T> T companion(Class<T> type, Function<Engine, T> create);

  /** Ends the use; again does nothing. */
  @Override
  void close();
}
