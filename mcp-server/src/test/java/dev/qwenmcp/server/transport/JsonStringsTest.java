package dev.qwenmcp.server.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.json.JsonMapper;

class JsonStringsTest {
  private static final JsonMapper MAPPER = JsonMapper.shared();

  private static String text(String content) throws CharacterCodingException {
    return text(content.getBytes(StandardCharsets.UTF_8));
  }

  private static String text(byte[] content) throws CharacterCodingException {
    return JsonStrings.text(content, 0, content.length, Utf8.of(content).plain());
  }

  private static byte[] escaped(String text) {
    MessageBuffer content = new MessageBuffer(0);
    content.writeEscaped(text.getBytes(StandardCharsets.UTF_8));
    return content.toByteArray();
  }

  /** Texts in which half of the code points are special to JSON, or of several lengths in UTF-8. */
  @Provide
  Arbitrary<String> texts() {
    Arbitrary<Integer> special =
        Arbitraries.of(
            0, 8, 9, 10, 12, 13, 31, 0x22, 0x5C, 0x2F, 127, 0xE9, 0x7FF, 0x800, 0xFFFD, 0x1F642);
    Arbitrary<Integer> any =
        Arbitraries.integers().between(0, 0x10FFFF).filter(p -> p < 0xD800 || p > 0xDFFF);
    return Arbitraries.oneOf(special, any, Arbitraries.of((int) 'a', (int) ' '))
        .list()
        .ofMaxSize(200)
        .map(JsonStringsTest::textOf);
  }

  private static String textOf(List<Integer> points) {
    StringBuilder text = new StringBuilder();
    points.forEach(text::appendCodePoint);
    return text.toString();
  }

  @Property
  void whatIsEscapedIsReadByJacksonAndByThis(@ForAll("texts") String text) throws Exception {
    byte[] content = escaped(text);
    String json = '"' + new String(content, StandardCharsets.UTF_8) + '"';

    assertThat(MAPPER.readTree(json).stringValue()).isEqualTo(text);
    assertThat(text(content)).isEqualTo(text);
  }

  @Property
  void whatJacksonEscapesIsRead(@ForAll("texts") String text) throws Exception {
    String json = MAPPER.writeValueAsString(text);

    assertThat(text(json.substring(1, json.length() - 1))).isEqualTo(text);
  }

  @Test
  void escapesStandForWhatTheStandardSays() throws CharacterCodingException {
    assertThat(text("\\\"\\\\\\/\\b\\f\\n\\r\\t")).isEqualTo("\"\\/\b\f\n\r\t");
    assertThat(text("\\u0041\\u00e9\\u8BED\\ud83d\\ude42\\u0000"))
        .isEqualTo("A\u00e9\u8bed\ud83d\ude42\u0000");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\\",
        "\\x",
        "\\u",
        "\\u12",
        "\\u12g4",
        "\\u-123",
        "a\\u00e9\\",
        "a\\u00e9\\x",
        "\\u00e9\\u00g0",
        "语\\ud83d",
        "语\\ud83d\\u0041",
        "语\\ude42",
        "语\\ud83d\\",
        "语\\ud83d\\ud83d",
        "语\\ud83d\\u",
        "语\\ud83dx"
      })
  void whatIsNoEscapeIsRefused(String content) {
    assertThatThrownBy(() -> text(content)).isInstanceOf(CharacterCodingException.class);
  }

  @Test
  void halfASurrogatePairAmongAsciiStaysOne() throws CharacterCodingException {
    assertThat(text("a\\ud83d\\u0041\\ude42")).isEqualTo("a\ud83dA\ude42");
  }

  /** As clients write that write ASCII alone. */
  @Property
  void asciiIsRead(@ForAll("texts") String text) throws Exception {
    JsonMapper ascii = JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();
    String json = ascii.writeValueAsString(text);

    assertThat(text(json.substring(1, json.length() - 1))).isEqualTo(text);
  }

  @Test
  void bytesThatAreNoUtf8AreRefusedAndAReplacementCharacterIsNot() throws Exception {
    byte[] damaged = "语言\\n".getBytes(StandardCharsets.UTF_8);
    damaged[1] = 'x';

    assertThatThrownBy(() -> text(damaged)).isInstanceOf(CharacterCodingException.class);
    assertThat(text("\uFFFD\\n")).isEqualTo("\uFFFD\n");
  }
}
