package dev.qwenmcp.engine.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qwenmcp.engine.gguf.GgmlType;
import dev.qwenmcp.engine.gguf.GgufFile;
import dev.qwenmcp.engine.kernel.Kernels;
import dev.qwenmcp.engine.kernel.NativeAvailability;
import dev.qwenmcp.engine.kernel.ReferenceKernels;
import dev.qwenmcp.engine.kernel.TestKernels;
import dev.qwenmcp.engine.kv.KvType;
import dev.qwenmcp.engine.synth.ModelShape;
import dev.qwenmcp.engine.synth.TensorTypes;
import dev.qwenmcp.engine.testmodel.RandomModel;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * Logits of a token are the same bits whatever else is in its batch, whatever computes, and on
 * however many threads: prompts in one batch, in portions, token by token, beside other sequences.
 */
class BatchInvarianceTest {
  /** More than a page, and not a multiple of anything. */
  private static final int TOKENS = 83;

  private static final TensorTypes MIXED =
      TensorTypes.mixed(
          GgmlType.Q4_K, GgmlType.Q6_K, GgmlType.Q8_0, GgmlType.F16, GgmlType.Q5_1, GgmlType.Q4_0);

  static final List<GgmlType> TYPES =
      Arrays.stream(GgmlType.values()).filter(GgmlType::supported).toList();

  static final List<ModelShape> SHAPES =
      List.of(
          ModelShape.dense().withTied(false).withVocabulary(301),
          ModelShape.mixture().withHeads(3, 3, 32).withExperts(5, 5, 96),
          ModelShape.mixture().withHeads(4, 1, 128).withExperts(33, 4, 64).withLayers(3),
          ModelShape.mixture().withWidth(320).withHeads(10, 2, 96).withExperts(4, 1, 160),
          ModelShape.dense().withWidth(96).withFf(224).withHeads(2, 1, 160).withYarn(4, 32));

  @ParameterizedTest
  @FieldSource("TYPES")
  void withWeightsOfEveryType(GgmlType type) throws IOException {
    KvType kvType = KvType.values()[type.ordinal() % KvType.values().length];
    assertInvariant(RandomModel.of(ModelShape.mixture(), type, 3), kvType);
  }

  @ParameterizedTest
  @EnumSource(KvType.class)
  void withKeysAndValuesOfEveryType(KvType kvType) throws IOException {
    assertInvariant(new RandomModel(ModelShape.mixture(), MIXED, 4), kvType);
  }

  @ParameterizedTest
  @FieldSource("SHAPES")
  void withModelsOfManyShapes(ModelShape shape) throws IOException {
    assertInvariant(new RandomModel(shape, MIXED, 5), KvType.Q8_0);
  }

  @Test
  void withNativeKernelsAmongThem() {
    NativeAvailability.require();
  }

  private static void assertInvariant(RandomModel model, KvType kvType) throws IOException {
    Random random = new Random(model.seed());
    int vocabulary = model.shape().vocabulary();
    int[] tokens = random.ints(TOKENS, 0, vocabulary).toArray();
    try (Arena arena = Arena.ofShared();
        GgufFile file = model.open(arena)) {
      float[][] expected = oneBatchInJava(file, kvType, tokens);
      for (TestKernels choice : TestKernels.values()) {
        if (choice.isNative() && !NativeAvailability.isAvailable()) {
          continue; // the method below says so
        }
        try (Kernels kernels = choice.open();
            ModelRun run = new ModelRun(file, kernels, kvType)) {
          String name = model + ", " + kvType + " keys, " + kernels.description();
          assertSame(name + ", one batch", run.logits(tokens), expected);
          int[] portions = portions(random);
          assertSame(
              name + ", portions of " + Arrays.toString(portions),
              run.logitsInPortions(tokens, portions),
              expected);
          int[] ones = new int[TOKENS];
          Arrays.fill(ones, 1);
          assertSame(name + ", token by token", run.logitsInPortions(tokens, ones), expected);
          assertBesideOthers(name, run, random, tokens, expected);
        }
      }
    }
  }

  private static float[][] oneBatchInJava(GgufFile file, KvType kvType, int[] tokens)
      throws IOException {
    try (Kernels kernels = ReferenceKernels.quantised(1);
        ModelRun run = new ModelRun(file, kernels, kvType)) {
      return run.logits(tokens);
    }
  }

  private static void assertBesideOthers(
      String name, ModelRun run, Random random, int[] tokens, float[][] expected) {
    int[] other = random.ints(random.nextInt(1, 90), 0, run.vocabulary()).toArray();
    int[] beginning = Arrays.copyOf(tokens, random.nextInt(1, TOKENS));
    float[][][] together = run.logitsTogether(List.of(other, tokens, beginning));
    assertSame(name + ", beside others", together[1], expected);
    assertSame(
        name + ", its beginning beside it", together[2], Arrays.copyOf(expected, beginning.length));
    assertSame(name + ", another sequence", together[0], run.logits(other));
  }

  private static int[] portions(Random random) {
    List<Integer> sizes = new ArrayList<>();
    for (int left = TOKENS; left > 0; left -= sizes.getLast()) {
      sizes.add(random.nextInt(1, Math.min(left, 40) + 1));
    }
    return sizes.stream().mapToInt(Integer::intValue).toArray();
  }

  private static void assertSame(String name, float[][] found, float[][] expected) {
    assertThat(found.length).as(name).isEqualTo(expected.length);
    for (int i = 0; i < expected.length; i++) {
      assertThat(Arrays.mismatch(found[i], expected[i]))
          .as("%s: first different logit of token %d", name, i)
          .isEqualTo(-1);
    }
  }
}
