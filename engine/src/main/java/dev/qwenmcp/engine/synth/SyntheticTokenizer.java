package dev.qwenmcp.engine.synth;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.zip.GZIPInputStream;

/**
 * A byte-level BPE vocabulary to be written into a model.
 *
 * @param tokens in GPT-2's spelling, in which every byte is a printable character
 * @param types 1 normal, 3 control, 4 user-defined, 5 unused
 * @param merges pairs in order of priority
 */
public record SyntheticTokenizer(List<String> tokens, List<Integer> types, List<String> merges) {
  private static final int NORMAL = 1;
  private static final int CONTROL = 3;
  private static final int USER_DEFINED = 4;
  private static final int UNUSED = 5;

  /** Rows of the published models' embeddings: their tokens and padding. */
  private static final int QWEN3_ROWS = 151_936;

  /** From id 151,643 on. */
  private static final List<String> QWEN3_CONTROL =
      List.of(
          "<|endoftext|>",
          "<|im_start|>",
          "<|im_end|>",
          "<|object_ref_start|>",
          "<|object_ref_end|>",
          "<|box_start|>",
          "<|box_end|>",
          "<|quad_start|>",
          "<|quad_end|>",
          "<|vision_start|>",
          "<|vision_end|>",
          "<|vision_pad|>",
          "<|image_pad|>",
          "<|video_pad|>");

  private static final List<String> QWEN3_USER_DEFINED =
      List.of(
          "<tool_call>",
          "</tool_call>",
          "<|fim_prefix|>",
          "<|fim_middle|>",
          "<|fim_suffix|>",
          "<|fim_pad|>",
          "<|repo_name|>",
          "<|file_sep|>",
          "<tool_response>",
          "</tool_response>",
          "<think>",
          "</think>");

  public SyntheticTokenizer {
    tokens = List.copyOf(tokens);
    types = List.copyOf(types);
    merges = List.copyOf(merges);
  }

  /** The tokenizer of Qwen3, padded to 151,936 rows as in the published models. */
  public static SyntheticTokenizer qwen3() {
    List<String> merges = new ArrayList<>();
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(
                    SyntheticTokenizer.class.getResourceAsStream("qwen3-merges.txt.gz")),
                StandardCharsets.UTF_8))) {
      in.lines().forEach(merges::add);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    List<String> tokens = bytes();
    merges.forEach(merge -> tokens.add(merge.replace(" ", "")));
    List<Integer> types = new ArrayList<>(Collections.nCopies(tokens.size(), NORMAL));
    tokens.addAll(QWEN3_CONTROL);
    types.addAll(Collections.nCopies(QWEN3_CONTROL.size(), CONTROL));
    tokens.addAll(QWEN3_USER_DEFINED);
    types.addAll(Collections.nCopies(QWEN3_USER_DEFINED.size(), USER_DEFINED));
    while (tokens.size() < QWEN3_ROWS) {
      tokens.add("[PAD" + tokens.size() + "]");
      types.add(UNUSED);
    }
    return new SyntheticTokenizer(tokens, types, merges);
  }

  /** The id of a token. */
  public int id(String token) {
    return tokens.indexOf(token);
  }

  /**
   * The 256 tokens of single bytes in GPT-2's order: bytes that print as themselves first, the
   * others from U+0100 on.
   */
  public static List<String> bytes() {
    List<String> tokens = new ArrayList<>();
    List<String> others = new ArrayList<>();
    for (int b = 0; b < 256; b++) {
      boolean prints = b >= '!' && b <= '~' || b >= 0xa1 && b <= 0xac || b >= 0xae;
      if (prints) {
        tokens.add(Character.toString(b));
      } else {
        others.add(Character.toString(0x100 + others.size()));
      }
    }
    tokens.addAll(others);
    return tokens;
  }
}
