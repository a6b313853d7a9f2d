package dev.qwenmcp.server.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.qwenmcp.engine.gguf.GgmlType;
import dev.qwenmcp.engine.kv.KvType;
import dev.qwenmcp.engine.synth.ModelShape;
import dev.qwenmcp.engine.testmodel.RandomModel;
import java.lang.foreign.Arena;
import org.junit.jupiter.api.Test;

/**
 * Held to figures worked out by hand for the test shapes: 2 layers, 256 wide, 4 query and 2 kv
 * heads of 64, 320 tokens, tied head; 8 experts of 256, 2 a token, or a feed-forward of 512. In
 * Q8_0, 32 weights take 34 bytes.
 */
class PassCostTest {
  // One layer without its feed-forward: q, output (256 x 256), k, v (128 x 256).
  private static final long ATTENTION = 2 * 256 * 256 + 2 * 128 * 256;
  // F32: norms before attention and feed-forward, of query and key heads.
  private static final long NORM_BYTES = 4 * (256 + 256 + 64 + 64);
  private static final long ROUTER = 8 * 256;
  private static final long EXPERTS = 8L * 3 * 256 * 256;
  private static final long HEAD = 320 * 256;
  // Keys and values of 2 heads of 64 (68 bytes) in 2 layers.
  private static final long KV_BYTES = 2 * 2 * 2 * 68;

  private static long q8(long weights) {
    return weights / 32 * 34;
  }

  private static PassCost of(ModelShape shape) throws Exception {
    try (Arena arena = Arena.ofConfined()) {
      return PassCost.of(RandomModel.of(shape, GgmlType.Q8_0, 1).open(arena), KvType.Q8_0);
    }
  }

  @Test
  void aMixtureReadsItsActiveExpertsAlone() throws Exception {
    Cost cost = of(ModelShape.mixture()).of(new Workload.Generation(1, 0, 1));

    long weights =
        2 * (q8(ATTENTION) + NORM_BYTES + 4 * ROUTER + q8(EXPERTS) / 8 * 2) + q8(256) + q8(HEAD);
    assertThat(cost.bytes()).isEqualTo(weights + 2 * KV_BYTES); // sees one token and itself
    long products = 2 * (ATTENTION + ROUTER + EXPERTS / 8 * 2) + HEAD;
    assertThat(cost.products()).isEqualTo(products + 2 * (2 * 2 * 4 * 64));
  }

  @Test
  void aDenseModelReadsEverything() throws Exception {
    Cost cost = of(ModelShape.dense()).of(new Workload.Generation(1, 0, 1));

    long block = q8(ATTENTION) + NORM_BYTES + q8(3 * 256 * 512);
    assertThat(cost.bytes()).isEqualTo(2 * block + q8(256) + q8(HEAD) + 2 * KV_BYTES);
    assertThat(cost.products())
        .isEqualTo(2 * (ATTENTION + 3 * 256 * 512) + HEAD + 2 * (2 * 2 * 4 * 64));
  }

  @Test
  void depthAddsKeysAndValues() throws Exception {
    PassCost model = of(ModelShape.mixture());

    Cost shallow = model.of(new Workload.Generation(64, 0, 1));
    Cost deep = model.of(new Workload.Generation(64, 4096, 1));

    assertThat(deep.bytes() - shallow.bytes()).isEqualTo(4096 * KV_BYTES);
    assertThat(deep.products() - shallow.products()).isEqualTo(4096 * 2 * 2 * 4 * 64);
  }

  @Test
  void sequencesShareWeightsButNotKeysAndValues() throws Exception {
    PassCost model = of(ModelShape.mixture());

    double one = model.of(new Workload.Generation(1, 0, 1)).bytes();
    double four = model.of(new Workload.Generation(1, 0, 4)).bytes();

    long once = 2 * (q8(ATTENTION) + NORM_BYTES + 4 * ROUTER) + q8(HEAD);
    // Of 8 experts, 2 a token, four tokens leave each out with probability (3/4)^4.
    double experts = 2 * q8(EXPERTS) * (1 - Math.pow(0.75, 4));
    assertThat(four).isCloseTo((once + experts) / 4 + q8(256) + 2 * KV_BYTES, within(1e-6));
    assertThat(four).isLessThan(one);
  }

  @Test
  void aPromptReadsWeightsOnceAPass() throws Exception {
    PassCost model = of(ModelShape.dense());

    double bytes = model.of(new Workload.Prompt(1024, 100)).bytes();

    long block = 2 * (q8(ATTENTION) + NORM_BYTES + q8(3 * 256 * 512));
    long passes = 2 * (block + 512 * q8(256)) + (612 + 1124) * KV_BYTES;
    assertThat(bytes).isCloseTo((passes + q8(HEAD)) / 1024.0, within(1e-6));
  }

  @Test
  void aPromptAttendsToWhatStandsBefore() throws Exception {
    PassCost model = of(ModelShape.dense());

    double products = model.of(new Workload.Prompt(2, 10)).products();

    long weights = 2 * (ATTENTION + 3 * 256 * 512);
    assertThat(products).isEqualTo(weights + HEAD / 2.0 + (11 + 12) / 2.0 * 2 * 2 * 4 * 64);
  }
}
