package dev.qwenmcp.server.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

class GroundingTest {
  private static Grounding locate(String text, String json) {
    return new Grounding(text).locate(JsonMapper.shared().readTree(json));
  }

  @Test
  void findsStringsAndNumbersByPath() {
    Grounding found =
        locate(
            "🐟 Anna paid 1,250.50 euros, Anna  BERG paid 3.",
            "{\"a\": [\"Anna\", \"Anna\"], \"b/c\": \"anna berg\", \"n\": 1250.5, \"m\": 3, \"x\": \"Bob\", \"y\": 25, \"z\": null}");
    assertThat(found.spans())
        .extracting(Grounding.ValueSpan::path, Grounding.ValueSpan::start)
        .contains(tuple("/a/0", 3), tuple("/a/1", 29), tuple("/b~1c", 29), tuple("/n", 13));
    assertThat(found.inferred()).containsExactly("/x", "/y");
  }

  @Test
  void wordsAreNotFoundInsideWordsButChineseIs() {
    assertThat(locate("other", "{\"a\": \"the\"}").inferred()).containsExactly("/a");
    assertThat(locate("我住在北京饭店", "{\"a\": \"北京\"}").spans())
        .containsExactly(new Grounding.ValueSpan("/a", 3, 5, "北京"));
    assertThat(locate("iPhone手机", "{\"a\": \"iPhone\"}").spans()).hasSize(1);
    assertThat(locate("a", "{\"a\": \"\"}").inferred()).containsExactly("/a");
  }

  @Property(tries = 300)
  void everySpanReproducesTheText(@ForAll String text, @ForAll String value) {
    var object = JsonNodeFactory.instance.objectNode().put("a", value).put("b", text);
    Grounding found = new Grounding(text).locate(object);
    assertThat(found.spans()).allMatch(s -> text.substring(s.start(), s.end()).equals(s.text()));
    assertThat(found.spans().size() + found.inferred().size()).isEqualTo(2);
  }
}
