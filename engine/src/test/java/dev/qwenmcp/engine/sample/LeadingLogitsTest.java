package dev.qwenmcp.engine.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class LeadingLogitsTest {
  private static final int BLOCK = 32;
  private static final int TOKENS = 700;

  private final LeadingLogits leading = new LeadingLogits(BLOCK);

  private static float[] maxima(float[] logits) {
    float[] maxima = new float[Math.ceilDiv(logits.length, BLOCK)];
    Arrays.fill(maxima, Float.NEGATIVE_INFINITY);
    for (int id = 0; id < logits.length; id++) {
      maxima[id / BLOCK] = Math.max(maxima[id / BLOCK], logits[id]);
    }
    return maxima;
  }

  private boolean take(float[] logits, int known, int wanted) {
    return leading.take(
        MemorySegment.ofArray(logits), MemorySegment.ofArray(maxima(logits)), known, wanted);
  }

  /** Some steps apart, so that many are equal. */
  private static float[] logits(Random random, int steps) {
    float[] logits = new float[TOKENS];
    for (int id = 0; id < logits.length; id++) {
      logits[id] = steps == 0 ? (float) random.nextGaussian() : random.nextInt(steps) - steps / 2f;
    }
    return logits;
  }

  @Property
  void drawsWhatAllLogitsDraw(
      @ForAll long seed,
      @ForAll @IntRange(max = 12) int steps,
      @ForAll @IntRange(min = 1, max = 20) int k,
      @ForAll @IntRange(min = 641, max = TOKENS) int known,
      @ForAll boolean greedy) {
    Random random = new Random(seed);
    SamplerSettings settings =
        SamplerSettings.GREEDY
            .withTemperature(greedy ? 0 : 0.7f)
            .withTopK(k)
            .withTopP(0.9f)
            .withMinP(0.02f)
            .withSeed(seed);
    SamplerChain few = new SamplerChain(settings);
    SamplerChain all = new SamplerChain(settings);
    for (int draw = 0; draw < 5; draw++) {
      float[] logits = logits(random, steps);
      assertThat(take(logits, known, few.leading())).isTrue();
      Arrays.fill(logits, known, TOKENS, Float.NEGATIVE_INFINITY);
      assertThat(few.sample(leading)).isEqualTo(all.sample(logits));
    }
  }

  @Test
  void looksAtFewTokensOnly() {
    assertThat(take(logits(new Random(1), 0), TOKENS, 3)).isTrue();
    assertThat(leading.size()).isEqualTo(3 * BLOCK);
  }

  @Test
  void leavesRowsWithUnusableLogitsToAWholeLook() {
    for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
      float[] logits = logits(new Random(2), 0);
      logits[333] = bad;
      assertThat(take(logits, TOKENS, 1)).as("with " + bad).isFalse();
      assertThatThrownBy(() -> new SamplerChain(SamplerSettings.GREEDY).sample(logits))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("logit of token 333");
    }
    float[] excluded = logits(new Random(3), 0);
    excluded[5] = 100;
    excluded[6] = Float.NEGATIVE_INFINITY;
    assertThat(take(excluded, TOKENS, 1)).isFalse();
  }

  @Test
  void ignoresWhatIsKnownToNobody() {
    float[] logits = logits(new Random(4), 0);
    logits[681] = Float.NaN;
    logits[690] = 1000;
    assertThat(take(logits, 680, 1)).isTrue();
    int token = new SamplerChain(SamplerSettings.GREEDY).sample(leading);
    assertThat(token).isLessThan(680);
  }

  @Test
  void needsMoreBlocksThanTokensAreWanted() {
    assertThat(take(logits(new Random(5), 0), TOKENS, 22)).isFalse();
  }

  @Test
  void isRefusedWhereADrawDependsOnAllLogits() {
    SamplerChain penalised = new SamplerChain(SamplerSettings.GREEDY.withRepetitionPenalty(1.1f));
    assertThat(penalised.leading()).isZero();
    assertThat(new SamplerChain(SamplerSettings.GREEDY.withTemperature(1)).leading()).isZero();
    assertThatThrownBy(() -> penalised.sample(leading)).hasMessageContaining("all logits");
  }
}
