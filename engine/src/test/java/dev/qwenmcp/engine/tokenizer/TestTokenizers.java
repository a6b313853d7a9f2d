package dev.qwenmcp.engine.tokenizer;

import dev.qwenmcp.engine.SharedData;
import dev.qwenmcp.engine.gguf.GgufFile;
import dev.qwenmcp.engine.gguf.GgufFormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Tokenizers of the shared data, read once. */
public final class TestTokenizers {
  private static BpeTokenizer qwen3;
  private static BpeTokenizer nano;

  private TestTokenizers() {}

  /** Qwen3's tokenizer of 151,669 tokens, padded to the 151,936 of the models' files. */
  public static synchronized BpeTokenizer qwen3() {
    if (qwen3 == null) {
      qwen3 =
          huggingFace(SharedData.require("data/qwen3-tokenizer/tokenizer.json"), 151_936)
              .tokenizer();
    }
    return qwen3;
  }

  /** The tokenizer of the small model, from its GGUF. */
  public static synchronized BpeTokenizer nano() {
    if (nano == null) {
      try (GgufFile file = GgufFile.open(SharedData.require("models/nano-Q4_K_M.gguf"))) {
        nano = BpeTokenizer.of(file.metadata());
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }
    return nano;
  }

  /** The lists of a tokenizer as a GGUF carries them. */
  record Lists(List<String> tokens, int[] types, List<String> merges, int eos) {

    BpeTokenizer tokenizer() {
      try {
        Vocabulary vocabulary = new Vocabulary("test", tokens, types);
        return new BpeTokenizer(vocabulary, new MergeTable("test", vocabulary, merges), eos);
      } catch (GgufFormatException e) {
        throw new AssertionError(e);
      }
    }
  }

  static Lists huggingFace(Path file, int size) {
    JsonNode json = read(file);
    JsonNode added = json.get("added_tokens");
    String[] tokens = new String[size];
    int[] types = new int[size];
    for (int id = 0; id < size; id++) {
      tokens[id] = "[PAD" + id + "]";
    }
    Arrays.fill(types, TokenType.UNUSED.id());
    for (var token : json.at("/model/vocab").properties()) {
      tokens[token.getValue().asInt()] = token.getKey();
      types[token.getValue().asInt()] = TokenType.NORMAL.id();
    }
    int eos = -1;
    for (JsonNode token : added) {
      int id = token.get("id").asInt();
      tokens[id] = token.get("content").asString();
      boolean special = token.get("special").asBoolean();
      types[id] = (special ? TokenType.CONTROL : TokenType.USER_DEFINED).id();
      eos = tokens[id].equals("<|im_end|>") ? id : eos;
    }
    return new Lists(List.of(tokens), types, merges(json.at("/model/merges")), eos);
  }

  private static List<String> merges(JsonNode pairs) {
    List<String> merges = new ArrayList<>();
    for (JsonNode pair : pairs) {
      merges.add(pair.get(0).asString() + " " + pair.get(1).asString());
    }
    return merges;
  }

  private static JsonNode read(Path file) {
    try {
      return JsonMapper.builder().build().readTree(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
