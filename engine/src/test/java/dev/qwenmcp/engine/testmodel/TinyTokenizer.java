package dev.qwenmcp.engine.testmodel;

import dev.qwenmcp.engine.synth.SyntheticTokenizer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A small but complete byte-level BPE vocabulary of any size: the 256 bytes, tokens made by merges,
 * then Qwen3's special tokens.
 */
final class TinyTokenizer {
  private static final List<String> CONTROL =
      List.of("<|endoftext|>", "<|im_start|>", "<|im_end|>");
  private static final List<String> USER_DEFINED =
      List.of(
          "<tool_call>",
          "</tool_call>",
          "<tool_response>",
          "</tool_response>",
          "<think>",
          "</think>");

  /** The bytes and the special tokens. */
  static final int LEAST_VOCABULARY = 256 + CONTROL.size() + USER_DEFINED.size();

  /** Common English pairs, two line ends, and the three bytes of a Chinese character. */
  private static final List<String> FIRST_MERGES =
      List.of(
          "Ġ t", "h e", "i n", "Ġ a", "e r", "o n", "Ġt he", "r e", "a t", "Ġ s", "o r", "e n",
          "i s", "a n", "Ġ w", "in g", "Ġ c", "o u", "Ċ Ċ", "ä ½", "ä½ ł", "Ġ Ġ", "ĠĠ ĠĠ");

  private TinyTokenizer() {}

  static SyntheticTokenizer ofSize(int vocabulary) {
    if (vocabulary < LEAST_VOCABULARY) {
      throw new IllegalArgumentException(
          "a vocabulary of " + vocabulary + " is less than " + LEAST_VOCABULARY);
    }
    List<String> tokens = SyntheticTokenizer.bytes();
    List<String> merges = merges(tokens, vocabulary - LEAST_VOCABULARY);
    List<Integer> types = new ArrayList<>();
    tokens.forEach(token -> types.add(1));
    CONTROL.forEach(token -> types.add(3));
    USER_DEFINED.forEach(token -> types.add(4));
    tokens.addAll(CONTROL);
    tokens.addAll(USER_DEFINED);
    return new SyntheticTokenizer(tokens, types, merges);
  }

  /** Appends what the merges make to the tokens. */
  private static List<String> merges(List<String> tokens, int count) {
    Set<String> known = new HashSet<>(tokens);
    List<String> merges = new ArrayList<>();
    for (String merge : FIRST_MERGES) {
      if (merges.size() < count && known.add(merge.replace(" ", ""))) {
        merges.add(merge);
        tokens.add(merge.replace(" ", ""));
      }
    }
    // Every pair of letters, then of what they made: diagonal after diagonal, without end.
    List<String> pieces =
        new ArrayList<>(
            "etaoinshrdlucmfwypvbgkqjxzETAOINS".chars().mapToObj(Character::toString).toList());
    for (int sum = 0; merges.size() < count; sum++) {
      for (int a = 0; a <= sum && merges.size() < count; a++) {
        int b = sum - a;
        if (a < pieces.size() && b < pieces.size() && known.add(pieces.get(a) + pieces.get(b))) {
          merges.add(pieces.get(a) + " " + pieces.get(b));
          tokens.add(pieces.get(a) + pieces.get(b));
          pieces.add(pieces.get(a) + pieces.get(b));
        }
      }
    }
    return merges;
  }
}
