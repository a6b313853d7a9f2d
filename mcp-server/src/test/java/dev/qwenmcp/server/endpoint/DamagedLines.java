package dev.qwenmcp.server.endpoint;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Damages messages, the same way in every run, and knows which answers they are owed. */
final class DamagedLines {
  private static final long SEED = 20_260_728;
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

  /** One of some templates, with a number in it, and damage. */
  byte[] next(List<String> templates, int number) {
    return damaged(templates.get(random.nextInt(templates.size())).formatted(number));
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
  String owedAnswer(byte[] line) {
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
