package dev.qwenmcp.server.protocol;

import java.util.Map;
import java.util.SequencedMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What a call may ask of the client that made it, and tell it; the same in every era. */
public interface ClientChannel {

  /** Whether the client has declared that it answers such requests. */
  boolean answers(ClientRequest request);

  /**
   * Asks, and waits for all answers.
   *
   * <p>In stateless sessions the call ends here, and is run again from its beginning once the
   * client has the answers: so what precedes this has no effects that must not be had twice, and
   * the same run asks the same under the same keys.
   *
   * @param requests by keys of the caller, unique within the call
   * @return the client's result for each key; of a form its {@code action} and {@code content}
   * @throws MissingCapabilityException if the client has not declared that it answers one of them
   * @throws InputRequiredException if the call ends here; tools let it pass
   * @throws InterruptedException if the call was cancelled while waiting
   */
  Map<String, ObjectNode> ask(SequencedMap<String, ClientRequest> requests)
      throws InterruptedException;

  /**
   * Sends a remark to the client's log, if it wants those of this level.
   *
   * @param logger where it comes from
   * @param data for people, without secrets
   */
  void log(LogLevel level, String logger, JsonNode data);

  /** A client that answers nothing and hears nothing. */
  ClientChannel NONE =
      new ClientChannel() {
        @Override
        public boolean answers(ClientRequest request) {
          return false;
        }

        @Override
        public Map<String, ObjectNode> ask(SequencedMap<String, ClientRequest> requests) {
          throw new MissingCapabilityException(requests.firstEntry().getValue().capability());
        }

        @Override
        public void log(LogLevel level, String logger, JsonNode data) {
          // Nobody hears it.
        }
      };
}
