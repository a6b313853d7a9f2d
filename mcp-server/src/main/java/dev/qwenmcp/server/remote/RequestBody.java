package dev.qwenmcp.server.remote;

import dev.qwenmcp.engine.chat.Message;
import dev.qwenmcp.engine.sample.SamplerSettings;
import java.util.Locale;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A request as the body of {@code POST /chat/completions}. */
final class RequestBody {
  private static final JsonMapper JSON = JsonMapper.shared();

  private RequestBody() {}

  static String of(RemoteSettings settings, RemoteRequest request) {
    ObjectNode body = JSON.createObjectNode();
    body.put("model", settings.servedName());
    ArrayNode messages = body.putArray("messages");
    for (Message message : request.messages()) {
      messages
          .addObject()
          .put("role", message.role().name().toLowerCase(Locale.ROOT))
          .put("content", message.content());
    }
    body.put("stream", true);
    body.putObject("stream_options").put("include_usage", true);
    body.put("max_tokens", request.maxTokens());
    sampling(body, settings.abilities(), request.sampling());
    if (!request.stops().isEmpty()) {
      ArrayNode stops = body.putArray("stop");
      request.stops().forEach(stops::add);
    }
    if (settings.abilities().jsonSchema() && request.schema().isPresent()) {
      ObjectNode format = body.putObject("response_format");
      format.put("type", "json_schema");
      ObjectNode schema = format.putObject("json_schema");
      schema.put("name", "answer").put("strict", true);
      schema.set("schema", request.schema().get());
    }
    if (settings.abilities().thinkingSwitch() && request.thinking().isPresent()) {
      body.putObject("chat_template_kwargs").put("enable_thinking", request.thinking().get());
    }
    if (settings.abilities().logprobs() && request.logprobs()) {
      body.put("logprobs", true);
    }
    return JSON.writeValueAsString(body);
  }

  private static void sampling(
      ObjectNode body, RemoteSettings.Abilities abilities, SamplerSettings sampling) {
    body.put("temperature", sampling.temperature());
    body.put("top_p", sampling.topP());
    body.put("seed", sampling.seed());
    body.put("presence_penalty", sampling.presencePenalty());
    body.put("frequency_penalty", sampling.frequencyPenalty());
    if (abilities.samplingExtensions()) {
      body.put("top_k", sampling.topK() == 0 ? -1 : sampling.topK());
      body.put("min_p", sampling.minP());
      body.put("repetition_penalty", sampling.repetitionPenalty());
    }
  }
}
