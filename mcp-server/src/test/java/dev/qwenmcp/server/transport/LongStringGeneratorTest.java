package dev.qwenmcp.server.transport;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class LongStringGeneratorTest {
  private static final JsonMapper MAPPER = JsonMapper.shared();

  @Provide
  Arbitrary<String> texts() {
    return new JsonStringsTest().texts();
  }

  @Property(tries = 200)
  void longTextsAreWrittenAsJacksonWouldHaveThemRead(@ForAll("texts") String piece) {
    String text = (piece + "x").repeat(LongStrings.LEAST_BYTES / (piece.length() + 1) + 1);
    MessageBuffer out = new MessageBuffer(10);
    try (JsonGenerator generator = LongStringGenerator.to(out, MAPPER)) {
      MAPPER.writeValue(generator, MAPPER.createArrayNode().add(text).add(piece));
    }

    assertThat(MAPPER.readTree(out.toByteArray()).get(0).stringValue()).isEqualTo(text);
    assertThat(MAPPER.readTree(out.toByteArray()).get(1).stringValue()).isEqualTo(piece);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a\ud83d", "\ude42", "\ud83d\ud83d\ude42", "\ude42\ud83d", "?\ud83d?", "?"})
  void halfASurrogatePairStaysOneInLongTextsAsInShort(String text) throws Exception {
    RpcCodec codec = new RpcCodec();
    String words = "What stays in a context? ".repeat(LongStrings.LEAST_BYTES);
    JsonNode message = MAPPER.createArrayNode().add(text).add(words + text + words);

    JsonNode read = codec.parse(codec.bytes(message));

    assertThat(read).isEqualTo(message);
  }
}
