package dev.qwenmcp.engine.gguf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qwenmcp.engine.synth.ModelShape;
import dev.qwenmcp.engine.testmodel.RandomModel;
import java.io.IOException;
import java.lang.foreign.Arena;
import org.junit.jupiter.api.Test;

class GgufSummaryTest {
  @Test
  void listsMetadataTensorsAndTotals() {
    try (Arena arena = Arena.ofConfined()) {
      GgufFile file = RandomModel.of(ModelShape.mixture(), GgmlType.Q4_K, 1).open(arena);
      GgufSummary summary = GgufSummary.of(file);
      assertThat(summary.metadata())
          .contains(
              new GgufSummary.Pair("qwen3moe.block_count", "UINT32", "2"),
              new GgufSummary.Pair(
                  "qwen3moe.attention.layer_norm_rms_epsilon", "FLOAT32", "1.0E-6"),
              new GgufSummary.Pair(
                  "tokenizer.ggml.merges",
                  "ARRAY of 55 STRING",
                  "[\"Ġ t\", \"h e\", \"i n\", \"Ġ a\", \"e r\", \"o n\", …]"));
      assertThat(summary.tensors()).hasSize(2 + 2 * 12);
      assertThat(summary.totals())
          .extracting(GgufSummary.Total::type)
          .containsExactly(GgmlType.F32, GgmlType.Q4_K);
      assertThat(summary.bytes())
          .isEqualTo(file.tensors().stream().mapToLong(TensorInfo::byteSize).sum());
      assertThat(summary.lines())
          .contains("Tensors: 26")
          .anyMatch(line -> line.contains("blk.1.ffn_down_exps.weight") && line.contains("Q4_K"))
          .noneMatch(line -> line.contains("\n"));
    }
  }

  @Test
  void shortensLongTextAndTellsItsLength() throws IOException {
    GgufFile file = RawGguf.pair("s", GgufValueType.STRING).string("é".repeat(5000)).read();
    assertThat(GgufSummary.of(file).metadata().getFirst().value())
        .isEqualTo('"' + "é".repeat(72) + "…\" (10000 bytes)");
  }

  @Test
  void showsNoControlCharacters() throws IOException {
    GgufFile file =
        RawGguf.pair("k\u001b[31m", GgufValueType.STRING)
            .string("a\u001b]0;x\u0007\nb\u202e")
            .read();
    assertThat(GgufSummary.of(file).lines())
        .anyMatch(line ->
            line.contains("k\\u001b[31m") && line.contains("a\\u001b]0;x\\u0007\\nb\\u202e"))
        .noneMatch(line -> line.chars().anyMatch(c -> c < ' ' || c == 0x202e));
  }

  @Test
  void marksTypesThatTheEngineDoesNotComputeWith() throws IOException {
    GgufFile file = RawGguf.header(1, 0).tensor("t", 16, 0, 256).data(96).read();
    assertThat(GgufSummary.of(file).lines())
        .anyMatch(line -> line.contains("IQ2_XXS") && line.contains("does not compute"));
  }

  @Test
  void summarisesAnEmptyFile() throws IOException {
    assertThat(GgufSummary.of(RawGguf.header(0, 0).read()).lines())
        .contains("Metadata: 0", "Tensors: 0", "Types: 0");
  }
}
