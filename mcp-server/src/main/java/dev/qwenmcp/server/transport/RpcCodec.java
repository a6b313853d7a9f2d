package dev.qwenmcp.server.transport;

import java.nio.charset.CharacterCodingException;
import java.security.SecureRandom;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * JSON-RPC messages from and to bytes.
 *
 * <p>Reading is strict: UTF-8 without errors, one JSON text a line, no member twice in an object,
 * no number beyond a double. Depth and number length keep Jackson's bounds (500 levels, 1,000
 * digits).
 */
public final class RpcCodec {
  private static final int BYTE_ORDER_MARK = 0xFEFF;
  private static final int LINE_BYTES = 1024;

  private final LongStrings longStrings = new LongStrings(new SecureRandom());
  private final JsonMapper mapper =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .nodeFactory(new FiniteNumbers())
          .build();

  /**
   * Reads the JSON text of a line or a body.
   *
   * @return an object or a batch
   * @throws MalformedMessageException if it is neither
   */
  public JsonNode parse(byte[] line) throws MalformedMessageException {
    return parse(Utf8.of(line));
  }

  /** The same of a part of an array. */
  JsonNode parse(Utf8 line) throws MalformedMessageException {
    JsonNode node;
    try {
      node = line.plain() ? plain(line) : decoded(line);
    } catch (JacksonException e) {
      throw new MalformedMessageException(
          null,
          RpcError.PARSE_ERROR,
          "the line is not one JSON text: " + e.getOriginalMessage() + position(e));
    }
    if (node.isObject() || node.isArray()) {
      return node;
    }
    throw new MalformedMessageException(
        null,
        RpcError.INVALID_REQUEST,
        "expected a JSON-RPC message (an object), found "
            + (node.isMissingNode() ? "nothing" : name(node)));
  }

  /** Reads JSON from bytes without zeros, which is quicker than from a string. */
  private JsonNode plain(Utf8 line) {
    JsonNode quick = withoutLongStrings(line);
    return quick == null ? mapper.readTree(line.bytes(), line.from(), line.length()) : quick;
  }

  /** Reads JSON that has more than ASCII, or zeros. */
  private JsonNode decoded(Utf8 line) throws MalformedMessageException {
    JsonNode quick = withoutLongStrings(line);
    if (quick != null) {
      return quick;
    }
    String text;
    try {
      text = JsonStrings.decoded(line.bytes(), line.from(), line.to(), false);
    } catch (CharacterCodingException e) {
      throw new MalformedMessageException(
          null, RpcError.PARSE_ERROR, "the line is not UTF-8; write each message as UTF-8 JSON");
    }
    // PowerShell puts a byte order mark before what it pipes. Columns of errors are characters'.
    return mapper.readTree(
        !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK ? text.substring(1) : text);
  }

  /**
   * Reads a message whose long strings do not go through Jackson.
   *
   * @return null if it has none, or anything is wrong with it: to be read as a whole, which says
   *     what and where
   */
  private JsonNode withoutLongStrings(Utf8 line) {
    LongStrings.Shortened shortened = longStrings.shorten(line);
    if (shortened == null) {
      return null;
    }
    try {
      byte[] json = shortened.json();
      String text = JsonStrings.decoded(json, 0, json.length, line.plain());
      return shortened.restored(mapper.readTree(text));
    } catch (JacksonException | CharacterCodingException e) {
      return null;
    }
  }

  private static String position(JacksonException e) {
    return e.getLocation() == null ? "" : " (column " + e.getLocation().getColumnNr() + ")";
  }

  /** Reads one message from its JSON. */
  public RpcMessage message(JsonNode node) throws MalformedMessageException {
    if (!(node instanceof ObjectNode object)) {
      throw new MalformedMessageException(
          null,
          RpcError.INVALID_REQUEST,
          "expected a JSON-RPC message (an object), found " + name(node));
    }
    RequestId id = RequestId.of(object.get("id"));
    JsonNode version = object.get("jsonrpc");
    if (version == null || !version.isString() || !version.stringValue().equals("2.0")) {
      throw invalid(id, "expected \"jsonrpc\":\"2.0\"");
    }
    if (object.has("id") && id == null) {
      throw invalid(null, "expected an id that is a string or an integer");
    }
    JsonNode method = object.get("method");
    if (method == null) {
      if (id != null && (object.has("result") || object.has("error"))) {
        return response(id, object);
      }
      throw invalid(id, "expected a method, a result or an error");
    }
    if (!method.isString()) {
      throw invalid(id, "expected a method that is a string, found " + name(method));
    }
    JsonNode params = object.get("params");
    ObjectNode named;
    if (params == null) {
      named = mapper.createObjectNode();
    } else if (params instanceof ObjectNode given) {
      named = given;
    } else {
      throw new MalformedMessageException(
          id, RpcError.INVALID_PARAMS, "expected params that are an object, found " + name(params));
    }
    return id == null
        ? new RpcMessage.Notification(method.stringValue(), named)
        : new RpcMessage.Request(id, method.stringValue(), named);
  }

  private static RpcMessage.Response response(RequestId id, ObjectNode message) {
    JsonNode error = message.get("error");
    if (error == null) {
      return new RpcMessage.Response(id, message.get("result"), null);
    }
    return new RpcMessage.Response(
        id,
        null,
        new RpcError(
            error.path("code").asInt(RpcError.INTERNAL_ERROR),
            error.path("message").asString(""),
            error.get("data")));
  }

  private static MalformedMessageException invalid(RequestId id, String message) {
    return new MalformedMessageException(id, RpcError.INVALID_REQUEST, message);
  }

  private static String name(JsonNode node) {
    return switch (node.getNodeType()) {
      case ARRAY -> "an array";
      case OBJECT -> "an object";
      case STRING -> "a string";
      case NUMBER -> "a number";
      case BOOLEAN -> "a boolean";
      default -> "null";
    };
  }

  /** A request's answer. */
  public ObjectNode result(RequestId id, JsonNode result) {
    ObjectNode message = envelope();
    message.set("id", id.json());
    message.set("result", result);
    return message;
  }

  /**
   * A request's refusal.
   *
   * @param id null where the request's id could not be read
   */
  public ObjectNode error(RequestId id, RpcError error) {
    ObjectNode message = envelope();
    message.set("id", id == null ? mapper.getNodeFactory().nullNode() : id.json());
    ObjectNode body = message.putObject("error");
    body.put("code", error.code());
    body.put("message", error.message());
    if (error.data() != null) {
      body.set("data", error.data());
    }
    return message;
  }

  ObjectNode notification(String method, ObjectNode params) {
    ObjectNode message = envelope();
    message.put("method", method);
    message.set("params", params);
    return message;
  }

  ObjectNode request(RequestId id, String method, ObjectNode params) {
    ObjectNode message = envelope();
    message.set("id", id.json());
    message.put("method", method);
    message.set("params", params);
    return message;
  }

  private ObjectNode envelope() {
    return mapper.createObjectNode().put("jsonrpc", "2.0");
  }

  /** Several messages as one. */
  ArrayNode batch(List<ObjectNode> messages) {
    ArrayNode array = mapper.createArrayNode();
    messages.forEach(array::add);
    return array;
  }

  /** A message as one line, its end included. */
  byte[] line(JsonNode message) {
    return written(message, true);
  }

  /**
   * A message's JSON in UTF-8, without line breaks.
   *
   * <p>Half of a surrogate pair, in which a tool's text may end, is written as its escape.
   */
  public byte[] bytes(JsonNode message) {
    return written(message, false);
  }

  private byte[] written(JsonNode message, boolean line) {
    MessageBuffer out = new MessageBuffer(LINE_BYTES);
    try (JsonGenerator generator = LongStringGenerator.to(out, mapper)) {
      mapper.writeValue(generator, message);
    }
    if (line) {
      out.write('\n');
    }
    return out.toByteArray();
  }

  /** Refuses floating-point numbers that no double holds, which would arrive as infinity. */
  private static final class FiniteNumbers extends JsonNodeFactory {
    private static final long serialVersionUID = 1L;

    @Override
    public tools.jackson.databind.node.NumericNode numberNode(double value) {
      if (!Double.isFinite(value)) {
        throw new NumberOutOfRange();
      }
      return super.numberNode(value);
    }
  }

  private static final class NumberOutOfRange extends JacksonException {
    private static final long serialVersionUID = 1L;

    NumberOutOfRange() {
      super("a number is too large for a double");
    }

    @Override
    public Object processor() {
      return null;
    }
  }
}
