package dev.qwenmcp.server.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Long strings of messages, which Jackson does not read. */
class LongStringsTest {
  private static final JsonMapper MAPPER = JsonMapper.shared();
  private static final String[] PIECES = {
    "plain words ", "\"", "\\", "\n", "\u0001", "ü", "语言", "🙂", "{\"a\":[1]}", "\u007f", "'"
  };

  private final LongStrings strings = new LongStrings(new SecureRandom());

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private JsonNode read(byte[] json) throws CharacterCodingException {
    LongStrings.Shortened shortened = strings.shorten(Utf8.of(json));
    return shortened == null
        ? MAPPER.readTree(json)
        : shortened.restored(MAPPER.readTree(shortened.json()));
  }

  @Test
  void aLongStringIsTakenOutAndPutBack() throws CharacterCodingException {
    String text = "语 \n".repeat(LongStrings.LEAST_BYTES);
    String content = text.replace("\n", "\\n");
    byte[] json =
        utf8("{\"a\" : [1, \"" + content + "\", \"short\"] , \"b\":\"" + content + "x\"}");

    LongStrings.Shortened shortened = strings.shorten(Utf8.of(json));

    assertThat(shortened.json().length).isLessThan(200);
    assertThat(read(json)).isEqualTo(MAPPER.readTree(json));
    assertThat(read(json).at("/a/1").stringValue()).isEqualTo(text);
  }

  @Test
  void keysAndShortStringsAndWhatIsNoJsonAreLeft() {
    String text = "x".repeat(LongStrings.LEAST_BYTES);

    assertThat(strings.shorten(Utf8.of(utf8("{\"" + text + "\" \t: 1}")))).isNull();
    assertThat(strings.shorten(Utf8.of(utf8("[\"" + text.substring(1) + "\"]")))).isNull();
    assertThat(strings.shorten(Utf8.of(utf8("[\"" + text)))).isNull();
    assertThat(strings.shorten(Utf8.of(utf8("[\"" + text + "\n\"]")))).isNull();
    assertThat(strings.shorten(Utf8.of(utf8("[\"" + text + "\\")))).isNull();
  }

  @Property(tries = 300)
  void anyMessageIsReadAsWithoutThis(@ForAll long seed) throws Exception {
    Random random = new Random(seed);
    byte[] json = utf8((random.nextBoolean() ? " " : "") + value(random, 3));
    if (random.nextBoolean()) {
      json = asciiOf(new String(json, StandardCharsets.UTF_8));
    }

    assertThat(read(json)).isEqualTo(MAPPER.readTree(json));
  }

  /** The JSON that many clients send: everything beyond ASCII as escapes. */
  private static byte[] asciiOf(String json) {
    StringBuilder ascii = new StringBuilder();
    json.chars()
        .forEach(unit -> {
          if (unit < 0x80) {
            ascii.append((char) unit);
          } else {
            ascii.append("\\u%04x".formatted(unit));
          }
        });
    return ascii.toString().getBytes(StandardCharsets.US_ASCII);
  }

  @Property(tries = 300)
  void aDamagedMessageIsRefusedOrReadAsWithoutThis(@ForAll long seed) throws Exception {
    Random random = new Random(seed);
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    array.add(value(random, 2)).add("x\t\u00e9".repeat(LongStrings.LEAST_BYTES));
    byte[] json = utf8(array.toString());
    for (int i = 0; i < 2; i++) {
      json[random.nextInt(json.length)] = (byte) "\"\\{}[],:\n\0a".charAt(random.nextInt(11));
    }
    RpcCodec codec = new RpcCodec();
    String damaged = new String(json, StandardCharsets.UTF_8);
    if (damaged.contains("\uFFFD")) {
      assertThatThrownBy(() -> codec.parse(json)).hasMessageContaining("not UTF-8");
      return;
    }
    JsonNode expected;
    try {
      expected =
          JsonMapper.builder()
              .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
              .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
              .build()
              .readTree(damaged);
    } catch (JacksonException e) {
      assertThatThrownBy(() -> codec.parse(json)).isInstanceOf(MalformedMessageException.class);
      return;
    }
    if (expected.isArray()) {
      assertThat(codec.parse(json)).isEqualTo(expected);
    }
  }

  private static JsonNode value(Random random, int depth) {
    int kind = random.nextInt(depth == 0 ? 3 : 5);
    return switch (kind) {
      case 0 -> JsonNodeFactory.instance.numberNode(random.nextInt());
      case 1, 2 -> JsonNodeFactory.instance.stringNode(text(random));
      case 3 -> {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        for (int i = random.nextInt(4); i > 0; i--) {
          array.add(value(random, depth - 1));
        }
        yield array;
      }
      default -> {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        for (int i = random.nextInt(4); i > 0; i--) {
          String name = text(random);
          // Jackson refuses names of more than 50,000 bytes.
          object.set(name.substring(0, Math.min(name.length(), 5_000)), value(random, depth - 1));
        }
        yield object;
      }
    };
  }

  private static String text(Random random) {
    String plain = random.nextInt(3) == 0 ? PIECES[random.nextInt(PIECES.length)] : PIECES[0];
    int most = random.nextBoolean() ? 10 : 2 * LongStrings.LEAST_BYTES;
    return plain.repeat(random.nextInt(most) / plain.length() + 1);
  }
}
