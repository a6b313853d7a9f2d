package dev.qwenmcp.engine.tokenizer;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;

/**
 * A line of {@code tokenizer/qwen-vectors.tsv}.
 *
 * @param qwen3 ids by Qwen3's tokenizer
 * @param nano ids by the tokenizer of the small model {@code nano}
 */
record QwenVectors(String text, int[] qwen3, int[] nano) {

  static List<QwenVectors> all() {
    try (InputStream in = QwenVectors.class.getResourceAsStream("/tokenizer/qwen-vectors.tsv")) {
      JsonMapper json = JsonMapper.builder().build();
      return new String(in.readAllBytes(), StandardCharsets.US_ASCII)
          .lines()
          .map(line -> line.split("\t", -1))
          .map(part ->
              new QwenVectors(json.readValue(part[0], String.class), ids(part[1]), ids(part[2])))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ids with spaces between them. */
  static int[] ids(String line) {
    return Stream.of(line.split(" "))
        .filter(id -> !id.isEmpty())
        .mapToInt(Integer::parseInt)
        .toArray();
  }
}
