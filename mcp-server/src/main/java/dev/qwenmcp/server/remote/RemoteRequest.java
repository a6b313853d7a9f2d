package dev.qwenmcp.server.remote;

import dev.qwenmcp.engine.chat.Message;
import dev.qwenmcp.engine.sample.SamplerSettings;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a remote model is asked.
 *
 * @param messages the dialogue
 * @param sampling how tokens are drawn, as far as the server takes it
 * @param maxTokens most tokens to write
 * @param timeBudget of the whole call
 * @param stops texts that end the answer
 * @param schema what the answer is held to where the server can
 * @param thinking whether it is to think first, empty to leave that to the server
 * @param logprobs whether the probabilities of the chosen tokens are wanted
 * @param affinity calls with the same one go to the same address as long as that works
 */
public record RemoteRequest(
    List<Message> messages,
    SamplerSettings sampling,
    int maxTokens,
    Duration timeBudget,
    List<String> stops,
    Optional<ObjectNode> schema,
    Optional<Boolean> thinking,
    boolean logprobs,
    String affinity) {
  public RemoteRequest {
    messages = List.copyOf(messages);
    stops = List.copyOf(stops);
  }
}
