package dev.qwenmcp.server.protocol.modern;

import dev.qwenmcp.server.transport.RpcException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.TreeMap;
import javax.crypto.Mac;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a call has heard so far, sealed, so that it can travel with the client to the next attempt.
 *
 * <p>The seal binds it to the principal, the method, what the method was asked to do, and an hour:
 * presented with anything else it is refused, always with the same words.
 */
final class RequestState {
  private static final Duration LIFETIME = Duration.ofHours(1);
  private static final int MOST_CHARACTERS = 1 << 20;
  private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();
  private static final Base64.Decoder DECODER = Base64.getUrlDecoder();
  private static final JsonMapper JSON = JsonMapper.shared();

  private final StateKey key;
  private final InstantSource clock;

  RequestState(StateKey key, InstantSource clock) {
    this.key = key;
    this.clock = clock;
  }

  /**
   * What a state belongs to.
   *
   * @param name of the tool or prompt
   */
  record Purpose(String principal, String method, String name, ObjectNode arguments) {
    byte[] digest() {
      ObjectNode all = JsonNodeFactory.instance.objectNode();
      all.put("principal", principal).put("method", method).put("name", name);
      all.set("arguments", sorted(arguments));
      try {
        return MessageDigest.getInstance("SHA-256")
            .digest(all.toString().getBytes(StandardCharsets.UTF_8));
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("every Java has SHA-256", e);
      }
    }

    /** Properties in the order of their names: clients may write them in any. */
    private static JsonNode sorted(JsonNode node) {
      if (node instanceof ObjectNode object) {
        TreeMap<String, JsonNode> properties = new TreeMap<>();
        object.properties().forEach(e -> properties.put(e.getKey(), sorted(e.getValue())));
        ObjectNode result = JsonNodeFactory.instance.objectNode();
        properties.forEach(result::set);
        return result;
      }
      if (node instanceof ArrayNode array) {
        ArrayNode result = JsonNodeFactory.instance.arrayNode();
        array.forEach(item -> result.add(sorted(item)));
        return result;
      }
      return node;
    }
  }

  /**
   * Seals answers for the next attempt.
   *
   * @param answers of the client so far, by key
   */
  String seal(Purpose purpose, ObjectNode answers) {
    ObjectNode payload = JsonNodeFactory.instance.objectNode();
    payload.put("until", clock.instant().plus(LIFETIME).toEpochMilli());
    payload.put("purpose", ENCODER.encodeToString(purpose.digest()));
    payload.set("answers", answers);
    byte[] bytes = payload.toString().getBytes(StandardCharsets.UTF_8);
    return ENCODER.encodeToString(bytes) + "." + ENCODER.encodeToString(mac(bytes));
  }

  /**
   * The answers in a state.
   *
   * @throws RpcException if it was not sealed here, for this purpose, within the last hour
   */
  ObjectNode open(Purpose purpose, String state) {
    byte[] payload = unsealed(state);
    ObjectNode read;
    try {
      read = (ObjectNode) JSON.readTree(payload);
    } catch (JacksonException | ClassCastException e) {
      throw refused();
    }
    String bound = ENCODER.encodeToString(purpose.digest());
    if (!read.path("purpose").asString("").equals(bound)
        || Instant.ofEpochMilli(read.path("until").asLong(0)).isBefore(clock.instant())
        || !(read.get("answers") instanceof ObjectNode answers)) {
      throw refused();
    }
    return answers;
  }

  private byte[] unsealed(String state) {
    int dot = state.indexOf('.');
    if (dot < 0 || state.length() > MOST_CHARACTERS) {
      throw refused();
    }
    try {
      byte[] payload = DECODER.decode(state.substring(0, dot));
      if (MessageDigest.isEqual(mac(payload), DECODER.decode(state.substring(dot + 1)))) {
        return payload;
      }
    } catch (IllegalArgumentException e) {
      throw refused();
    }
    throw refused();
  }

  private byte[] mac(byte[] payload) {
    try {
      Mac mac = Mac.getInstance(StateKey.ALGORITHM);
      mac.init(key.secret());
      return mac.doFinal(payload);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has " + StateKey.ALGORITHM, e);
    }
  }

  private static RpcException refused() {
    return ModernError.invalid(
        "this requestState was not given for this request, or not within the last hour; send the"
            + " request again without inputResponses and requestState");
  }
}
