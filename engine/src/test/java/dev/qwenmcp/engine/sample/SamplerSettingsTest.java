package dev.qwenmcp.engine.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.qwenmcp.engine.chat.ThinkingMode;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SamplerSettingsTest {

  static Stream<Arguments> outOfRange() {
    SamplerSettings s = SamplerSettings.GREEDY;
    return Stream.of(
        bad("temperature", () -> s.withTemperature(-0.1f)),
        bad("temperature", () -> s.withTemperature(Float.NaN)),
        bad("temperature", () -> s.withTemperature(Float.POSITIVE_INFINITY)),
        bad("topK", () -> s.withTopK(-1)),
        bad("topP", () -> s.withTopP(1.01f)),
        bad("topP", () -> s.withTopP(Float.NaN)),
        bad("minP", () -> s.withMinP(-0.5f)),
        bad("repetitionPenalty", () -> s.withRepetitionPenalty(0f)),
        bad("presencePenalty", () -> s.withPresencePenalty(Float.NaN)),
        bad("frequencyPenalty", () -> s.withFrequencyPenalty(Float.NEGATIVE_INFINITY)),
        bad("penaltyWindow", () -> s.withPenaltyWindow(-1)));
  }

  private static Arguments bad(String setting, Runnable creation) {
    return Arguments.of(setting, creation);
  }

  @ParameterizedTest
  @MethodSource("outOfRange")
  void namesTheSettingThatIsOutOfRange(String setting, Runnable creation) {
    assertThatThrownBy(creation::run)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(setting + " is ")
        .hasMessageContaining("allowed");
  }

  @Test
  void changesOneSettingAtATime() {
    assertThat(
            SamplerSettings.GREEDY
                .withTemperature(1)
                .withTopK(2)
                .withTopP(0.3f)
                .withMinP(0.4f)
                .withRepetitionPenalty(5)
                .withPresencePenalty(6)
                .withFrequencyPenalty(7)
                .withPenaltyWindow(8)
                .withSeed(9))
        .isEqualTo(new SamplerSettings(1, 2, 0.3f, 0.4f, 5, 6, 7, 8, 9));
  }

  @Test
  void recommendsWhatQwen3sMakersDo() {
    SamplerSettings on = SamplerSettings.qwen3(ThinkingMode.ON, 5);
    SamplerSettings off = SamplerSettings.qwen3(ThinkingMode.OFF, 5);
    assertThat(on).isEqualTo(new SamplerSettings(0.6f, 20, 0.95f, 0, 1, 0, 0, 64, 5));
    assertThat(off).isEqualTo(on.withTemperature(0.7f).withTopP(0.8f));
  }
}
