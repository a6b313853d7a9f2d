package dev.qwenmcp.engine.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class PenaltiesTest {

  @Property(tries = 300)
  void followsTheFormulaeOverTheWindow(
      @ForAll @Size(max = 400) List<@IntRange(min = 0, max = 9) Integer> tokens,
      @ForAll @IntRange(min = 0, max = 200) int window) {
    SamplerSettings settings = new SamplerSettings(1, 0, 1, 0, 1.25f, 0.5f, 0.125f, window, 0);
    Penalties penalties = new Penalties(settings);
    tokens.forEach(penalties::accept);
    float[] logits = {2, -2, 0, 5, -5, 1, -1, 3, -3, 4};
    float[] expected = logits.clone();
    List<Integer> recent = tokens.subList(Math.max(0, tokens.size() - window), tokens.size());
    for (int id = 0; id < logits.length; id++) {
      int wanted = id;
      long count = recent.stream().filter(t -> t == wanted).count();
      if (count > 0) {
        float repeated = logits[id] > 0 ? logits[id] / 1.25f : logits[id] * 1.25f;
        expected[id] = repeated - 0.5f - count * 0.125f;
      }
    }
    penalties.apply(logits);
    assertThat(logits).isEqualTo(expected);
  }

  @Test
  void appliesAgainAtEachStep() {
    Penalties penalties = new Penalties(SamplerSettings.GREEDY.withPresencePenalty(1));
    penalties.accept(0);
    penalties.accept(0);
    for (int step = 0; step < 3; step++) {
      float[] logits = {1, 1};
      penalties.apply(logits);
      assertThat(logits).containsExactly(0, 1);
    }
  }

  @Test
  void leavesExcludedTokensExcluded() {
    Penalties penalties =
        new Penalties(SamplerSettings.GREEDY.withRepetitionPenalty(0.5f).withPresencePenalty(-3));
    penalties.accept(0);
    float[] logits = {Float.NEGATIVE_INFINITY, 1};
    penalties.apply(logits);
    assertThat(logits).containsExactly(Float.NEGATIVE_INFINITY, 1);
  }

  @Test
  void refusesTokensThatAreNone() {
    Penalties penalties = new Penalties(SamplerSettings.GREEDY.withPresencePenalty(1));
    assertThatThrownBy(() -> penalties.accept(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("-1");
    penalties.accept(7);
    assertThatThrownBy(() -> penalties.apply(new float[7]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("token 7")
        .hasMessageContaining("7 logits");
  }
}
