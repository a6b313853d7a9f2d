package dev.qwenmcp.server.endpoint;

import static dev.qwenmcp.server.endpoint.ServerHarness.json;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Ten thousand damaged messages, the same in every run.
 *
 * <p>An oracle of a few lines says which line is owed which answers; the server may give no other,
 * and answers a ping afterwards.
 */
class FuzzTest {
  private static final int LINES = 10_000;
  private static final long SEED = 20_260_728;
  private static final Set<Integer> DOCUMENTED = Set.of(-32700, -32600, -32601, -32602, -31001);
  private static final List<String> TEMPLATES =
      List.of(
          "{\"jsonrpc\":\"2.0\",\"id\":%d,\"method\":\"ping\"}",
          "{\"jsonrpc\":\"2.0\",\"id\":\"s%d\",\"method\":\"tools/list\",\"params\":{}}",
          "{\"jsonrpc\":\"2.0\",\"id\":%d,\"method\":\"tools/call\",\"params\":{\"name\":\"echo\","
              + "\"arguments\":{\"text\":\"héllo\",\"times\":3}}}",
          "{\"jsonrpc\":\"2.0\",\"id\":%d,\"method\":\"tools/call\",\"params\":{\"name\":\"fail\","
              + "\"arguments\":{\"how\":\"tool\"},\"_meta\":{\"progressToken\":\"p\"}}}",
          "{\"jsonrpc\":\"2.0\",\"id\":%d,\"method\":\"logging/setLevel\","
              + "\"params\":{\"level\":\"info\"}}",
          "{\"jsonrpc\":\"2.0\",\"id\":%d,\"method\":\"initialize\",\"params\":{"
              + "\"protocolVersion\":\"2025-03-26\",\"capabilities\":{\"roots\":{}},"
              + "\"clientInfo\":{\"name\":\"a\",\"version\":\"1\"}}}",
          "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\","
              + "\"params\":{\"requestId\":\"never%d\"}}",
          "{\"jsonrpc\":\"2.0\",\"id\":%d,\"result\":{}}",
          "[{\"jsonrpc\":\"2.0\",\"id\":%d,\"method\":\"ping\"}]");
  private static final List<String> SCRAPS =
      List.of(
          "null",
          "true",
          "-1",
          "1.5",
          "1e999",
          "1E400",
          "99999999999999999999",
          "\"\"",
          "[]",
          "{}",
          "[[[[",
          "}",
          "]",
          ",",
          ":",
          "\"",
          "\\u0000",
          "\\ud800",
          "\\",
          "\u0000",
          "\uFEFF",
          "🙂",
          "\"id\":7,",
          "\"params\":[],",
          "\"name\":null,",
          "\"arguments\":5,",
          "NaN",
          "//",
          "\t");

  private final RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(SEED);
  private final JsonMapper strict =
      JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  @Test
  void answersEveryWellFormedRequestOnceAndDamagedOnesWithDocumentedErrors() {
    Map<String, Integer> owed = new TreeMap<>();
    List<JsonNode> answers;
    try (ServerHarness server = ServerHarness.of(new ToyTools().all()).initialized()) {
      for (int i = 0; i < LINES; i++) {
        byte[] line = damaged(TEMPLATES.get(random.nextInt(TEMPLATES.size())).formatted(1000 + i));
        String id = owedAnswer(line);
        if (id != null) {
          owed.merge(id, 1, Integer::sum);
        }
        server.sendBytes(line);
      }
      server.start("ping", json("{}"));
      owed.merge("2", 1, Integer::sum);
      server.closeInput();
      answers = server.rest();
    }

    Map<String, Integer> given = new TreeMap<>();
    for (JsonNode answer : answers) {
      assertThat(answer.path("jsonrpc").asString()).isEqualTo("2.0");
      assertThat(answer.has("result")).isNotEqualTo(answer.has("error"));
      if (answer.has("error")) {
        assertThat(DOCUMENTED).as("%s", answer).contains(answer.at("/error/code").asInt());
        assertThat(answer.at("/error/message").asString()).doesNotContain("Exception");
      }
      given.merge(answer.get("id").toString(), 1, Integer::sum);
    }
    assertThat(given).isEqualTo(owed);
    assertThat(owed.get("null")).as("damage").isBetween(LINES / 10, LINES * 9 / 10);
  }

  /** Applies up to three changes; never makes a second line of it. */
  private byte[] damaged(String message) {
    byte[] line = message.getBytes(StandardCharsets.UTF_8);
    int changes = random.nextInt(4);
    for (int i = 0; i < changes; i++) {
      line = changed(line);
    }
    for (int i = 0; i < line.length; i++) {
      if (line[i] == '\n') {
        line[i] = ' ';
      }
    }
    return line;
  }

  private byte[] changed(byte[] line) {
    int at = random.nextInt(line.length + 1);
    int to = at + random.nextInt(Math.min(12, line.length - at) + 1);
    byte[] insert =
        switch (random.nextInt(5)) {
          case 0 -> new byte[0];
          case 1 -> SCRAPS.get(random.nextInt(SCRAPS.size())).getBytes(StandardCharsets.UTF_8);
          case 2 -> new byte[] {(byte) random.nextInt(256)};
          case 3 -> Arrays.copyOfRange(line, at, line.length);
          default -> {
            to = at;
            yield SCRAPS.get(random.nextInt(SCRAPS.size())).getBytes(StandardCharsets.UTF_8);
          }
        };
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(line, 0, at);
    out.writeBytes(insert);
    out.write(line, to, line.length - to);
    return out.toByteArray();
  }

  /**
   * The id, as JSON, of the answer that a line is owed.
   *
   * @return {@code "null"} where the id cannot be read, null where no answer is owed
   */
  private String owedAnswer(byte[] line) {
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(line)).toString();
    } catch (CharacterCodingException e) {
      return "null";
    }
    if (text.chars().allMatch(c -> c == ' ' || c == '\t' || c == '\r')) {
      return null;
    }
    JsonNode message;
    try {
      message = strict.readTree(text.startsWith("\uFEFF") ? text.substring(1) : text);
    } catch (JacksonException e) {
      return "null";
    }
    if (!message.isObject() || hasInfinity(message)) {
      return "null";
    }
    JsonNode id = message.path("id");
    boolean usable = id.isString() || (id.isIntegralNumber() && id.canConvertToLong());
    String answer = usable ? id.toString() : "null";
    boolean valid =
        message.path("jsonrpc").isString()
            && message.path("jsonrpc").stringValue().equals("2.0")
            && (usable || !message.has("id"));
    if (valid && !message.has("method") && usable) {
      return message.has("result") || message.has("error") ? null : answer;
    }
    boolean notification = valid && message.path("method").isString() && !message.has("id");
    if (notification && (!message.has("params") || message.get("params").isObject())) {
      return null;
    }
    return answer;
  }

  private static boolean hasInfinity(JsonNode node) {
    if (node.isFloatingPointNumber()) {
      return Double.isInfinite(node.doubleValue());
    }
    for (JsonNode child : node) {
      if (hasInfinity(child)) {
        return true;
      }
    }
    return false;
  }
}
