package dev.qwenmcp.server.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class RehearsalTest {
  private static final EndpointSettings SETTINGS = EndpointSettings.standard("1");

  /** Answers that are errors would load other classes than those that clients need. */
  @Test
  void everyRequestIsAnsweredAsARealOneWouldBe() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Rehearsal.answer(SETTINGS, out);
    List<JsonNode> answers =
        out.toString(StandardCharsets.UTF_8).lines().map(JsonMapper.shared()::readTree).toList();
    assertThat(answers).extracting(answer -> answer.path("id").asInt()).containsOnly(1, 2, 3);
    assertThat(answers).allMatch(answer -> answer.has("result"));
    assertThat(answers)
        .filteredOn(answer -> answer.path("id").asInt() == 3)
        .singleElement()
        .satisfies(call ->
            assertThat(call.at("/result/structuredContent/items/0/text").asString())
                .isEqualTo("the first call"));
  }

  @Test
  void tellsItsEnd() throws Exception {
    assertThat(Rehearsal.begin(SETTINGS).get(60, TimeUnit.SECONDS)).isNull();
  }
}
