package dev.qwenmcp.server.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import dev.qwenmcp.engine.SharedData;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The commands that look at a model or run it once. */
class ModelCommandsTest {
  private static final JsonMapper JSON = new JsonMapper();

  @TempDir private Path folder;

  @Test
  void inspectPrintsMetadataAndTensors() {
    CommandRun run = CommandRun.of("inspect");

    assertThat(run.status()).isZero();
    assertThat(run.out())
        .contains("qwen3moe.block_count")
        .contains("blk.4.ffn_down_exps.weight")
        .contains("Q8_0");
  }

  @Test
  void tokenizePrintsTheSameIdsFromAllPlacesATextCanComeFrom() throws Exception {
    String text = "I want to book a table, 你好 🙂\n";
    Path file = Files.writeString(folder.resolve("text"), text);

    String ids = CommandRun.of("tokenize", "nano", text).out();

    assertThat(ids.strip()).matches("\\d+( \\d+)+");
    assertThat(CommandRun.of("tokenize", "nano", "--file", file.toString()).out()).isEqualTo(ids);
    InputStream before = System.in;
    try {
      System.setIn(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
      assertThat(CommandRun.of("tokenize").out()).isEqualTo(ids);
    } finally {
      System.setIn(before);
    }
  }

  @Test
  void tokenizeTakesSpecialTokensAsOrdinaryText() {
    assertThat(CommandRun.of("tokenize", "nano", "<|im_end|>").out().strip().split(" "))
        .hasSizeGreaterThan(1)
        .doesNotContain("8168");
  }

  @Test
  void tokenizeRefusesBytesThatAreNoText() throws Exception {
    Path file = Files.write(folder.resolve("bytes"), new byte[] {'a', 'b', (byte) 0xff});

    CommandRun run = CommandRun.of("tokenize", "nano", "--file", file.toString());

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err()).contains("not UTF-8", "byte 2");
  }

  @Test
  void logitsWritesEveryPositionAndTheGreedyContinuation() throws Exception {
    Path oracle = SharedData.require("oracle/tiny");
    String tokens = Files.readString(oracle.resolve("p1.2k.tokens")).strip();
    Path out = folder.resolve("logits.f32");

    CommandRun run =
        CommandRun.of(
            "logits",
            oracle.resolve("tiny2k-F32.gguf").toString(),
            "--tokens",
            tokens,
            "--out",
            out.toString(),
            "--greedy",
            "8",
            "--kv",
            "f32");

    assertThat(run.status()).as(run.err()).isZero();
    JsonNode json = JSON.readTree(run.out());
    assertThat(json.get("vocab").asInt()).isEqualTo(2048);
    assertThat(json.get("tokens")).hasSize(tokens.split(" ").length);
    JsonNode steps = JSON.readTree(oracle.resolve("tiny2k-F32-p1.greedy.json")).get("steps");
    for (int i = 0; i < 8; i++) {
      assertThat(json.get("greedy").get(i)).isEqualTo(steps.get(i).get("token"));
    }
    FloatBuffer expected = floats(oracle.resolve("tiny2k-F32-p1.logits.f32"));
    FloatBuffer actual = floats(out);
    assertThat(actual.remaining()).isEqualTo(expected.remaining());
    while (expected.hasRemaining()) {
      assertThat(actual.get()).isCloseTo(expected.get(), offset(1e-3f));
    }
  }

  @Test
  void logitsLeavesNoFileBehindWhenItFails() throws Exception {
    CommandRun run =
        CommandRun.of("logits", "nano", "--tokens", "1,99999999", "--out", folder + "/x.f32");

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err()).contains("99999999");
    try (var files = Files.list(folder)) {
      assertThat(files).isEmpty();
    }
  }

  @Test
  void generateRepeatsItselfWithTheSameSeed() {
    String[] line = {"generate", "--seed", "7", "-n", "24", "Hello,", "who", "are", "you?"};

    CommandRun first = CommandRun.of(line);
    CommandRun second = CommandRun.of(line);

    assertThat(first.status()).as(first.err()).isZero();
    assertThat(first.out()).isNotBlank().isEqualTo(second.out());
  }

  @Test
  void generateSaysWhenAnAnswerWasCutOff() {
    CommandRun run = CommandRun.of("generate", "-t", "0", "-n", "3", "--stats", "Who are you?");

    assertThat(run.status()).isZero();
    assertThat(run.err()).contains("--max-tokens").contains("answer 3 tokens");
  }

  @Test
  void generateContinuesRawText() {
    CommandRun run = CommandRun.of("generate", "--raw", "-t", "0", "-n", "8", "Once upon a");

    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.out()).isNotBlank();
  }

  @Test
  void doctorFindsTheEmbeddedModelUsable() {
    CommandRun run = CommandRun.of("doctor");

    assertThat(run.status()).as(run.out()).isZero();
    assertThat(run.out()).contains("java ", "kernels", "nano: qwen3moe", "Ready.");
  }

  @Test
  void doctorSaysWhatIsWrongWithAModel() throws Exception {
    Path broken = Files.writeString(folder.resolve("broken.gguf"), "not a model, only some text");

    CommandRun run = CommandRun.of("doctor", "--model", broken.toString());

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.out()).contains("FAIL model", "broken.gguf", "->", "Not usable");
  }

  private static FloatBuffer floats(Path file) throws Exception {
    return ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
  }
}
