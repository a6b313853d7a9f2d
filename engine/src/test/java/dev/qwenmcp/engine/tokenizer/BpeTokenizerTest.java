package dev.qwenmcp.engine.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.qwenmcp.engine.SharedData;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.text.Normalizer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BpeTokenizerTest {

  @Test
  void givesTheIdsOfThePublishedVectors() throws IOException {
    BpeTokenizer tokenizer = TestTokenizers.qwen3();
    String input =
        Files.readString(SharedData.require("data/qwen3-tokenizer/ggml-vocab-qwen2.gguf.inp"));
    List<String> expected =
        Files.readAllLines(SharedData.require("data/qwen3-tokenizer/ggml-vocab-qwen2.gguf.out"));
    String[] texts = input.split("__ggml_vocab_test__\n", -1);
    assertThat(texts).hasSize(47).endsWith("");
    assertThat(expected).hasSize(46);
    for (int i = 0; i < texts.length; i++) {
      String text = i < 46 ? texts[i].substring(0, texts[i].length() - 1) : texts[i];
      String ids = i < 46 ? expected.get(i) : "";
      assertThat(tokenizer.encode(text)).as("vector %d", i).isEqualTo(QwenVectors.ids(ids));
    }
  }

  @Test
  void givesTheReferenceIdsOfUnusualTexts() {
    BpeTokenizer qwen3 = TestTokenizers.qwen3();
    BpeTokenizer nano = TestTokenizers.nano();
    assertThat(QwenVectors.all()).hasSize(404);
    for (QwenVectors vector : QwenVectors.all()) {
      assertThat(qwen3.encode(vector.text())).as(vector.text()).isEqualTo(vector.qwen3());
      assertThat(nano.encode(vector.text())).as(vector.text()).isEqualTo(vector.nano());
    }
  }

  /** Counts and digests were made with version 0.21.4 of the reference tokenizer library. */
  @Test
  void givesTheReferenceIdsOfAMegabyte() {
    BpeTokenizer qwen3 = TestTokenizers.qwen3();
    BpeTokenizer nano = TestTokenizers.nano();
    String all = TestCorpus.all();
    assertThat(all.getBytes(StandardCharsets.UTF_8)).hasSizeGreaterThan(1_000_000);
    assertThat(digest(qwen3.encode(TestCorpus.english())))
        .isEqualTo("81020 88b87aa53becd111ee92d536c1c4bff16925c0f85aae2fb1f1f460e763d292b8");
    assertThat(digest(qwen3.encode(TestCorpus.chinese())))
        .isEqualTo("90204 29c49df89a1241eadf593afb61c54fdba4f367445cb34ab0a8fed0ca493b170f");
    assertThat(digest(qwen3.encode(TestCorpus.code())))
        .isEqualTo("87757 2fa85a43497de2209d00aa92cb9bd67b0b9f982f93cd3ddd51c080caa265dc06");
    assertThat(digest(qwen3.encode(TestCorpus.emoji())))
        .isEqualTo("45935 62389e517f1336a52bde5a60135083896795ae306440647f76399811da0f3081");
    assertThat(digest(qwen3.encode(all)))
        .isEqualTo("304916 653e710232ce1ad03c72c6b64dccc713b95271ad21aecbf31d9f4f7ca3cb12cb");
    assertThat(digest(nano.encode(all)))
        .isEqualTo("709478 1c290c020003131c059ba22ef0654cbf49f5ee2d5abb4f1f47d675cedb1cd98f");
  }

  /** Number of ids and the SHA-256 of the ids as big-endian 32-bit integers. */
  private static String digest(int[] ids) {
    ByteBuffer bytes = ByteBuffer.allocate(ids.length * 4);
    bytes.asIntBuffer().put(ids);
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      return ids.length + " " + HexFormat.of().formatHex(sha.digest(bytes.array()));
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void givesBackEveryRandomText() {
    BpeTokenizer tokenizer = TestTokenizers.qwen3();
    RandomText texts = new RandomText(new SplittableRandom(1));
    for (int i = 0; i < 100_000; i++) {
      String text = texts.next();
      String normal = Normalizer.normalize(text, Normalizer.Form.NFC);
      int[] ids = tokenizer.encode(text);
      assertThat(tokenizer.decode(ids)).isEqualTo(normal);
      assertThat(tokenizer.encode(normal)).as("ids of the normal form").isEqualTo(ids);
      assertThat(IntStream.of(ids).max().orElse(0)).isLessThan(151_643);
    }
  }

  @Test
  void countsAnUnpairedSurrogateAsAReplacementCharacter() {
    BpeTokenizer tokenizer = TestTokenizers.qwen3();
    for (String half : new String[] {"\uD83D", "\uDE00"}) {
      assertThat(tokenizer.encode("a" + half + "b")).isEqualTo(tokenizer.encode("a\uFFFDb"));
      assertThat(tokenizer.encode(half)).isEqualTo(tokenizer.encode("\uFFFD"));
    }
    assertThat(tokenizer.encode("\uDE00\uD83D")).isEqualTo(tokenizer.encode("\uFFFD\uFFFD"));
    assertThat(tokenizer.encode("\uD83D\uD83D\uDE00"))
        .isEqualTo(tokenizer.encode("\uFFFD\uD83D\uDE00"));
  }

  @Test
  void neverMakesASpecialTokenOfText() {
    BpeTokenizer tokenizer = TestTokenizers.qwen3();
    for (int special = 151_643; special < 151_669; special++) {
      String name = new String(tokenizer.bytes(special), StandardCharsets.UTF_8);
      assertThat(tokenizer.special(name)).hasValue(special);
      assertThat(IntStream.of(tokenizer.encode(name))).allMatch(id -> id < 151_643);
      assertThat(tokenizer.decode(tokenizer.encode(name))).isEqualTo(name);
    }
    assertThat(tokenizer.special("hello")).isEmpty();
    assertThat(tokenizer.special("[PAD151700]")).isEmpty();
  }

  @Test
  void showsUserDefinedTokensAndHidesControlAndUnusedOnes() {
    BpeTokenizer tokenizer = TestTokenizers.qwen3();
    assertThat(tokenizer.decode(151644, 9707, 151645, 151700)).isEqualTo("Hello");
    assertThat(tokenizer.decode(151667, 198, 151668)).isEqualTo("<think>\n</think>");
    assertThat(tokenizer.isControl(151645)).isTrue();
    assertThat(tokenizer.isControl(151700)).isTrue();
    assertThat(tokenizer.isControl(151667)).isFalse();
    assertThat(tokenizer.isControl(9707)).isFalse();
    assertThat(tokenizer.bytes(151645)).asString(StandardCharsets.UTF_8).isEqualTo("<|im_end|>");
    assertThat(tokenizer.eos()).isEqualTo(151645);
    assertThat(tokenizer.size()).isEqualTo(151_936);
  }

  @Test
  void decodesHalfACharacterToAReplacementCharacter() {
    BpeTokenizer tokenizer = TestTokenizers.qwen3();
    int[] ids = tokenizer.encode("🫠");
    assertThat(ids).hasSizeGreaterThan(1);
    assertThat(tokenizer.decode(ids[0])).isEqualTo("\uFFFD");
    assertThat(tokenizer.decode()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 151_936, Integer.MIN_VALUE})
  void namesAnIdThatIsNone(int id) {
    BpeTokenizer tokenizer = TestTokenizers.qwen3();
    assertThatThrownBy(() -> tokenizer.decode(0, id))
        .isInstanceOf(IndexOutOfBoundsException.class)
        .hasMessageContaining("151935")
        .hasMessageContaining(String.valueOf(id));
    assertThatThrownBy(() -> tokenizer.bytes(id)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> tokenizer.isControl(id)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  /** A quadratic step anywhere would take minutes. */
  @Test
  @Timeout(60)
  void takesAMegabyteOfAnything() {
    BpeTokenizer tokenizer = TestTokenizers.qwen3();
    int n = 1_000_000;
    List<String> hostile =
        List.of(
            " ".repeat(n),
            " ".repeat(n) + "x",
            "a".repeat(n),
            "\n".repeat(n),
            " \n".repeat(n / 2) + " x",
            "!".repeat(n),
            "'".repeat(n),
            "ab".repeat(n / 2),
            "中".repeat(n),
            "\u1100\u1161\u11A8".repeat(n / 3),
            "\uD83D\uDE00\u200D".repeat(n / 3),
            "a" + "\u0301".repeat(n / 2) + "\u0316".repeat(n / 2),
            "\uD800".repeat(n));
    for (String text : hostile) {
      long start = System.nanoTime();
      int[] ids = tokenizer.encode(text);
      Duration taken = Duration.ofNanos(System.nanoTime() - start);
      assertThat(taken).as("%s…", text.substring(0, 3)).isLessThan(Duration.ofSeconds(15));
      assertThat(tokenizer.decode(ids)).hasSizeGreaterThan(n / 3 - 1);
    }
  }

  @Test
  void normalisesLongRunsOfMarksInPieces() {
    BpeTokenizer tokenizer = TestTokenizers.qwen3();
    String run = "x" + "\u0316".repeat(300) + "\u0301".repeat(300);
    assertThat(Normalizer.isNormalized(run, Normalizer.Form.NFC)).isTrue();
    assertThat(tokenizer.decode(tokenizer.encode(run))).isEqualTo(run);
    assertThat(tokenizer.decode(tokenizer.encode("e\u0301" + run))).isEqualTo("é" + run);
  }

  @Test
  void givesTheSameIdsToManyThreads() throws Exception {
    BpeTokenizer tokenizer = TestTokenizers.nano();
    String text = TestCorpus.code().substring(0, 100_000);
    int[] expected = tokenizer.encode(text);
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Callable<int[]>> tasks = new ArrayList<>();
      for (int i = 0; i < 16; i++) {
        tasks.add(() -> tokenizer.encode(text));
      }
      for (Future<int[]> ids : threads.invokeAll(tasks)) {
        assertThat(ids.get()).isEqualTo(expected);
      }
    }
  }
}
