package dev.qwenmcp.server.tool;

import dev.qwenmcp.engine.grammar.schema.MemberOrder;
import dev.qwenmcp.engine.sample.SamplerSettings;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a model is asked to write.
 *
 * @param prompt the conversation
 * @param begun ids of the answer that have been written, if it is to go on with one
 * @param sampling how tokens are drawn
 * @param maxTokens most tokens to write
 * @param timeBudget of the whole call
 * @param stops texts that end the answer and are cut from it
 * @param form that the answer is held to; empty for free text
 */
record ChatRequest(
    PreparedPrompt prompt,
    int[] begun,
    SamplerSettings sampling,
    int maxTokens,
    Duration timeBudget,
    List<String> stops,
    Optional<AnswerForm> form) {
  ChatRequest {
    stops = List.copyOf(stops);
  }

  /** Schema of the JSON that the answer must be, if its form is one. */
  Optional<ObjectNode> schema() {
    return form.map(AnswerForm::jsonSchema);
  }

  /** Whether members of that JSON come in the order in which the schema declares them. */
  boolean inDeclaredOrder() {
    return form.filter(f -> f.order() == MemberOrder.DECLARED).isPresent();
  }

  /** A whole answer in free text. */
  static ChatRequest text(
      PreparedPrompt prompt, SamplerSettings sampling, int maxTokens, Duration timeBudget) {
    return new ChatRequest(
        prompt, new int[0], sampling, maxTokens, timeBudget, List.of(), Optional.empty());
  }

  /** JSON that follows a schema, the likeliest. */
  static ChatRequest json(
      PreparedPrompt prompt, ObjectNode schema, int maxTokens, Duration timeBudget) {
    return new ChatRequest(
        prompt,
        new int[0],
        SamplerSettings.GREEDY,
        maxTokens,
        timeBudget,
        List.of(),
        Optional.of(AnswerForm.json(schema)));
  }
}
