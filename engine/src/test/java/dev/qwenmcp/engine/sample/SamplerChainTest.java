package dev.qwenmcp.engine.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.FloatRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SamplerChainTest {
  private static final SamplerSettings PLAIN = SamplerSettings.GREEDY.withTemperature(1);

  /** Probabilities by the definitions, in the documented order, with full sorts. */
  private static double[] exact(float[] logits, SamplerSettings s) {
    List<Integer> ids = new ArrayList<>();
    for (int i = 0; i < logits.length; i++) {
      if (logits[i] != Float.NEGATIVE_INFINITY) {
        ids.add(i);
      }
    }
    ids.sort(Comparator.<Integer, Float>comparing(i -> -logits[i]).thenComparing(i -> i));
    if (s.topK() > 0) {
      ids = ids.subList(0, Math.min(s.topK(), ids.size()));
    }
    double[] p = new double[logits.length];
    double largest = logits[ids.getFirst()];
    for (int id : ids) {
      p[id] = Math.exp((logits[id] - largest) / s.temperature());
    }
    normalise(p);
    if (s.topP() < 1) {
      double sum = 0;
      for (int id : ids) {
        double before = sum;
        sum += p[id];
        if (before >= s.topP() && id != ids.getFirst()) {
          p[id] = 0;
        }
      }
      normalise(p);
    }
    double threshold = s.minP() * p[ids.getFirst()];
    for (int id : ids) {
      if (p[id] < threshold) {
        p[id] = 0;
      }
    }
    normalise(p);
    return p;
  }

  private static void normalise(double[] p) {
    double sum = Arrays.stream(p).sum();
    for (int i = 0; i < p.length; i++) {
      p[i] /= sum;
    }
  }

  private static float[] gaussian(int n, long seed, double spread) {
    Random random = new Random(seed);
    float[] logits = new float[n];
    for (int i = 0; i < n; i++) {
      logits[i] = (float) (random.nextGaussian() * spread);
    }
    return logits;
  }

  @ParameterizedTest
  @CsvSource({
    "1.0, 0, 1.0, 0.0",
    "0.6, 20, 0.95, 0.0",
    "0.7, 20, 0.8, 0.0",
    "2.0, 0, 0.9, 0.0",
    "1.3, 0, 1.0, 0.1",
    "1.0, 7, 0.99, 0.05",
    "0.8, 50, 1.0, 0.0"
  })
  void drawsWithTheExactProbabilities(float temperature, int topK, float topP, float minP) {
    SamplerSettings settings =
        new SamplerSettings(temperature, topK, topP, minP, 1, 0, 0, 64, 20_251);
    float[] logits = gaussian(40, 3, 2);
    double[] expected = exact(logits, settings);
    int draws = 200_000;
    int[] counts = new int[logits.length];
    SamplerChain chain = new SamplerChain(settings);
    for (int i = 0; i < draws; i++) {
      counts[chain.sample(logits.clone())]++;
    }
    double chiSquare = 0;
    int cells = 0;
    double rareExpected = 0; // cells of fewer than 5 expected draws count as one
    int rareCount = 0;
    for (int i = 0; i < counts.length; i++) {
      if (expected[i] == 0) {
        assertThat(counts[i]).as("draws of the excluded token %s", i).isZero();
      } else if (expected[i] * draws < 5) {
        rareExpected += expected[i] * draws;
        rareCount += counts[i];
      } else {
        chiSquare += square(counts[i] - expected[i] * draws) / (expected[i] * draws);
        cells++;
      }
    }
    if (rareExpected > 0) {
      chiSquare += square(rareCount - rareExpected) / rareExpected;
      cells++;
    }
    // Mean of chi-square is its degrees of freedom, variance twice that; 4 sigma with a fixed seed.
    int freedom = cells - 1;
    assertThat(chiSquare).isLessThan(freedom + 4 * Math.sqrt(2.0 * freedom) + 1e-9);
  }

  private static double square(double x) {
    return x * x;
  }

  @Property(tries = 300)
  void keepsExactlyTheDefinedSet(
      @ForAll @IntRange(min = 1, max = 1200) int vocabulary,
      @ForAll @IntRange(min = 0, max = 70) int topK,
      @ForAll @FloatRange(min = 0, max = 1) float topP,
      @ForAll @FloatRange(min = 0, max = 1) float minP,
      @ForAll @FloatRange(min = 0.05f, max = 3) float temperature,
      @ForAll long seed) {
    // Rounded so that there are ties; some excluded by a constraint.
    float[] logits = gaussian(vocabulary, seed, 1.5);
    Random random = new Random(~seed);
    for (int i = 1; i < vocabulary; i++) {
      logits[i] = random.nextInt(5) == 0 ? Float.NEGATIVE_INFINITY : Math.round(logits[i] * 4) / 4f;
    }
    SamplerSettings settings =
        PLAIN.withTemperature(temperature).withTopK(topK).withTopP(topP).withMinP(minP);
    Candidates candidates = new Candidates();
    new TopK(topK).gather(logits, logits.length, candidates);
    new Temperature(temperature).apply(candidates);
    new TopP(topP).apply(candidates);
    new MinP(minP).apply(candidates);

    double[] expected = exact(logits, settings);
    TreeSet<Integer> kept = new TreeSet<>();
    for (int i = 0; i < candidates.size(); i++) {
      if (candidates.weight(i) > 0) {
        kept.add(candidates.id(i));
      }
    }
    TreeSet<Integer> defined = new TreeSet<>();
    int likeliest = 0;
    for (int i = 0; i < vocabulary; i++) {
      if (expected[i] > 0) {
        defined.add(i);
      }
      likeliest = logits[i] > logits[likeliest] ? i : likeliest;
    }
    assertThat(kept).isEqualTo(defined);
    assertThat(new SamplerChain(SamplerSettings.GREEDY).sample(logits)).isEqualTo(likeliest);
  }

  @Property(tries = 100)
  void renamingTokensRenamesTheKeptOnes(
      @ForAll long seed, @ForAll @FloatRange(min = 0.01f, max = 1) float topP) {
    int n = 500;
    float[] logits = gaussian(n, seed, 3); // no ties
    List<Integer> names = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      names.add(i);
    }
    Collections.shuffle(names, new Random(seed));
    float[] renamed = new float[n];
    for (int i = 0; i < n; i++) {
      renamed[names.get(i)] = logits[i];
    }
    assertThat(nucleus(renamed, topP))
        .isEqualTo(new TreeSet<>(nucleus(logits, topP).stream().map(names::get).toList()));
  }

  private static TreeSet<Integer> nucleus(float[] logits, float topP) {
    Candidates candidates = new Candidates();
    candidates.gather(logits, logits.length);
    new Temperature(1).apply(candidates);
    new TopP(topP).apply(candidates);
    TreeSet<Integer> kept = new TreeSet<>();
    for (int i = 0; i < candidates.size(); i++) {
      kept.add(candidates.id(i));
    }
    return kept;
  }

  @Test
  void temperatureZeroTakesTheLikeliestAndTheLowestIdOfEquals() {
    SamplerChain chain = new SamplerChain(SamplerSettings.GREEDY);
    assertThat(chain.sample(new float[] {1, 3, 2, 3})).isEqualTo(1);
    assertThat(chain.sample(new float[] {-1, -0f, 0f})).isEqualTo(1);
    assertThat(chain.sample(new float[] {Float.NEGATIVE_INFINITY, -3e38f})).isEqualTo(1);
  }

  @Test
  void temperatureZeroStillAppliesPenalties() {
    SamplerChain chain = new SamplerChain(SamplerSettings.GREEDY.withRepetitionPenalty(2));
    chain.accept(1);
    assertThat(chain.sample(new float[] {1, 3, 2})).isEqualTo(2);
  }

  @Test
  void sameSeedSameTokensAndTheyAreThese() {
    // Recorded once: holds the promise that a seed keeps its meaning across platforms and versions.
    SamplerChain chain = new SamplerChain(PLAIN.withTemperature(0.8f).withTopP(0.98f).withSeed(42));
    float[] logits = gaussian(1000, 1, 4);
    int[] drawn = new int[12];
    for (int i = 0; i < drawn.length; i++) {
      drawn[i] = chain.sample(logits.clone());
    }
    assertThat(drawn).containsExactly(596, 21, 21, 44, 21, 784, 21, 735, 44, 250, 21, 198);
  }

  @Test
  void otherSeedsGiveOtherTokens() {
    float[] logits = new float[100_000];
    assertThat(new SamplerChain(PLAIN.withSeed(1)).sample(logits))
        .isNotEqualTo(new SamplerChain(PLAIN.withSeed(2)).sample(logits));
  }

  @Test
  void neverDrawsAnExcludedToken() {
    SamplerChain chain = new SamplerChain(PLAIN.withTemperature(100));
    float[] logits = new float[50];
    Arrays.fill(logits, Float.NEGATIVE_INFINITY);
    logits[7] = -1000;
    logits[30] = 1000;
    for (int i = 0; i < 1000; i++) {
      assertThat(chain.sample(logits.clone())).isIn(7, 30);
    }
  }

  @ParameterizedTest
  @CsvSource({"0", "1"})
  void refusesLogitsThatNothingCanBeDrawnFrom(float temperature) {
    SamplerChain chain = new SamplerChain(PLAIN.withTemperature(temperature));
    assertThatThrownBy(() -> chain.sample(new float[] {1, Float.NaN, 2}))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("token 1 is NaN");
    assertThatThrownBy(() -> chain.sample(new float[] {1, 2, Float.POSITIVE_INFINITY}))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("token 2 is Infinity");
    assertThatThrownBy(
            () -> chain.sample(new float[] {Float.NEGATIVE_INFINITY, Float.NEGATIVE_INFINITY}))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("all 2 logits are negative infinity");
  }
}
