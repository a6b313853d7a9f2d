package dev.qwenmcp.engine.tokenizer;

import dev.qwenmcp.engine.SharedData;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.SplittableRandom;
import java.util.zip.GZIPInputStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A little over a megabyte of text, the same at every call. */
final class TestCorpus {
  private TestCorpus() {}

  static String english() {
    return text("data/text-lm/tinyshakespeare.txt").substring(0, 300_000);
  }

  static String chinese() {
    return text("data/cmrc2018/cmrc2018_dev.json").substring(0, 250_000);
  }

  /** Python functions with their comments, then JSON. */
  static String code() {
    StringBuilder code = new StringBuilder();
    try (InputStream in =
        new GZIPInputStream(
            Files.newInputStream(SharedData.require("data/humaneval/HumanEval.jsonl.gz")))) {
      JsonMapper json = JsonMapper.builder().build();
      String lines = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      for (String line : (Iterable<String>) lines.lines()::iterator) {
        JsonNode task = json.readTree(line);
        code.append(task.get("prompt").asString());
        code.append(task.get("canonical_solution").asString()).append("\n\n");
        code.append(task.get("test").asString()).append("\n\n");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return code.append(text("data/bfcl/BFCL_v4_simple_python.json"), 0, 100_000).toString();
  }

  /** Emoji with skin tones, joiners, variation selectors and flags between words and line ends. */
  static String emoji() {
    SplittableRandom random = new SplittableRandom(7);
    String[] between = {"", "", " ", " ", "\n", "!", " ok ", "，好", "…", "  "};
    StringBuilder text = new StringBuilder();
    while (text.length() < 60_000) {
      switch (random.nextInt(6)) {
        case 0 -> text.appendCodePoint(0x1F600 + random.nextInt(0x50));
        case 1 -> text.appendCodePoint(0x1F300 + random.nextInt(0x2D6));
        case 2 ->
            text.appendCodePoint(0x1F466 + random.nextInt(4))
                .appendCodePoint(0x1F3FB + random.nextInt(5));
        case 3 ->
            text.appendCodePoint(0x1F468)
                .append("\u200D")
                .appendCodePoint(0x1F469)
                .append("\u200D")
                .appendCodePoint(0x1F466);
        case 4 ->
            text.appendCodePoint(0x1F1E6 + random.nextInt(26))
                .appendCodePoint(0x1F1E6 + random.nextInt(26));
        default -> text.appendCodePoint(0x2600 + random.nextInt(0x1BF)).append("\uFE0F");
      }
      text.append(between[random.nextInt(between.length)]);
    }
    return text.toString();
  }

  static String all() {
    return english() + chinese() + code() + emoji();
  }

  private static String text(String file) {
    try {
      return Files.readString(SharedData.require(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
