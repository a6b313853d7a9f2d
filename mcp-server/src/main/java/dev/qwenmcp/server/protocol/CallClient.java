package dev.qwenmcp.server.protocol;

import dev.qwenmcp.engine.Cancellation;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/** What a protocol era lets a running call say to its client besides the answer. */
public interface CallClient {

  /**
   * As {@link ToolContext#ask}.
   *
   * @param call ends the wait when it is cancelled
   */
  <A> Optional<A> ask(Question<A> question, Cancellation call)
      throws ToolException, InterruptedException;

  /**
   * As {@link ToolContext#askAll}.
   *
   * @param call ends the wait when it is cancelled
   */
  default Optional<Answers> askAll(SequencedMap<String, Question<?>> questions, Cancellation call)
      throws ToolException, InterruptedException {
    Map<String, Object> answers = new LinkedHashMap<>();
    for (Map.Entry<String, Question<?>> each : questions.entrySet()) {
      Optional<?> answer = ask(each.getValue(), call);
      if (answer.isEmpty()) {
        return Optional.empty();
      }
      answers.put(each.getKey(), answer.get());
    }
    return Optional.of(new Answers(answers));
  }

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
