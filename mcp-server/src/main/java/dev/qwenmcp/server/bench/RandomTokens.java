package dev.qwenmcp.server.bench;

import dev.qwenmcp.engine.tokenizer.BpeTokenizer;
import java.util.SplittableRandom;

/**
 * Token ids to measure with, drawn the same way for every contender.
 *
 * <p>Uniform over the vocabulary, so that a mixture's experts are chosen as evenly as its router
 * allows; a model's own greedy text may run in a circle and read the same experts from cache.
 *
 * @param vocabulary ids are below it
 */
public record RandomTokens(int vocabulary) {

  /** Of the ordinary tokens, which come before the control tokens: none of those ends a text. */
  public static RandomTokens of(BpeTokenizer tokenizer) {
    int ordinary = 0;
    while (ordinary < tokenizer.size() && !tokenizer.isControl(ordinary)) {
      ordinary++;
    }
    if (ordinary == 0) {
      throw new IllegalArgumentException(
          "the vocabulary begins with a control token; only Qwen's order is known here");
    }
    return new RandomTokens(ordinary);
  }

  /** The first {@code count} ids of the sequence that belongs to {@code seed}. */
  public int[] first(int count, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int[] ids = new int[count];
    for (int i = 0; i < count; i++) {
      ids[i] = random.nextInt(vocabulary);
    }
    return ids;
  }

  /** What stands before a measured part. */
  public int[] depth(int tokens) {
    return first(tokens, 1);
  }

  /** A measured prompt. */
  public int[] prompt(int tokens) {
    return first(tokens, 2);
  }

  /** Tokens of a measured generation of one sequence. */
  public int[] generation(int tokens, int sequence) {
    return first(tokens, 3 + sequence);
  }
}
