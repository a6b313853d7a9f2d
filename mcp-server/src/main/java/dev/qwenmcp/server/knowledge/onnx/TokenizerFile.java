package dev.qwenmcp.server.knowledge.onnx;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads the {@code tokenizer.json} of a model as the tokenizers library writes it. */
final class TokenizerFile {
  private TokenizerFile() {}

  /**
   * @throws IOException if it is not JSON or not of a WordPiece model with BERT's normaliser; other
   *     kinds would be tokenized wrongly
   */
  static WordPiece read(byte[] json) throws IOException {
    JsonNode root;
    try {
      root = JsonMapper.shared().readTree(json);
    } catch (JacksonException e) {
      throw new IOException("tokenizer.json is not JSON: " + e.getMessage(), e);
    }
    expect(root.path("model").path("type").asString(""), "WordPiece");
    expect(root.path("normalizer").path("type").asString(""), "BertNormalizer");
    Map<String, Integer> vocabulary = new HashMap<>();
    root.path("model")
        .path("vocab")
        .properties()
        .forEach(piece -> vocabulary.put(piece.getKey(), piece.getValue().asInt()));
    return new WordPiece(vocabulary, root.path("normalizer").path("lowercase").asBoolean(false));
  }

  private static void expect(String found, String expected) throws IOException {
    if (!found.equals(expected)) {
      throw new IOException(
          "tokenizer.json describes \"%s\" where %s was expected".formatted(found, expected));
    }
  }
}
