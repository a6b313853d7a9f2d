package dev.qwenmcp.server.protocol;

import dev.qwenmcp.engine.Cancellation;
import java.util.Optional;

/** What a protocol era lets a running call say to its client besides the answer. */
public interface CallClient {

  /**
   * As {@link ToolContext#ask}.
   *
   * @param call ends the wait when it is cancelled
   */
  <A> Optional<A> ask(Question<A> question, Cancellation call)
      throws ToolException, InterruptedException;

  /** As {@link ToolContext#log}. */
  void log(LogLevel level, String logger, String message);

  /** One that cannot be asked and does not listen. */
  CallClient NONE =
      new CallClient() {
        @Override
        public <A> Optional<A> ask(Question<A> question, Cancellation call) {
          return Optional.empty();
        }

        @Override
        public void log(LogLevel level, String logger, String message) {
          // Nobody hears it.
        }
      };
}
