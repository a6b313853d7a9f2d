package dev.qwenmcp.engine.draft;

import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;

/**
 * Drafts records like the one written before, with values of the prompt: {@link RecordTemplate}.
 */
public final class RecordDrafter implements Drafter {
  /** What speaks for a guess before any has come true or not. */
  private static final int FIRST_SUPPORT = 2;

  /** Support beyond this says nothing more, and is lost too slowly. */
  private static final int MOST_SUPPORT = 32;

  private final IntFunction<byte[]> bytes;
  private final Function<String, int[]> encoder;
  private final Words words = new Words();
  private PromptOrigins origins; // null before the first guess
  private RecordTemplate template;
  private int read; // words before the last token
  private int[] guess = {};
  private int confirmed; // tokens of it that have come true
  private int support = FIRST_SUPPORT;

  /**
   * @param bytes of a token
   * @param encoder the usual tokens of a text
   */
  public RecordDrafter(IntFunction<byte[]> bytes, Function<String, int[]> encoder) {
    this.bytes = bytes;
    this.encoder = encoder;
  }

  @Override
  public void accept(int... more) {
    for (int token : more) {
      judge(token);
      read = words.size();
      words.add(bytes.apply(token));
      if (origins != null) {
        follow(read);
      }
    }
  }

  private void follow(int from) {
    for (int i = from; i < words.size(); i++) {
      template.follow(i);
    }
  }

  /** Each token that comes true speaks for the next one; one that does not, for half as many. */
  private void judge(int token) {
    if (confirmed == guess.length) {
      return;
    }
    if (guess[confirmed] == token) {
      confirmed++;
      support = Math.min(support + 1, MOST_SUPPORT);
    } else {
      guess = new int[0];
      confirmed = 0;
      support = Math.max(support / 2, 1);
    }
  }

  @Override
  public Draft draft(int most, IntPredicate allowed) {
    if (origins == null) {
      origins = new PromptOrigins(words, read); // the last token is the first one written
      template = new RecordTemplate(words, origins);
      follow(read);
    }
    byte[] text = template.next();
    guess = encoder.apply(new String(text, StandardCharsets.UTF_8));
    confirmed = 0;
    if (guess.length == 0 || !allowed.test(guess[0])) {
      guess = new int[0];
      return Draft.NONE;
    }
    return new Draft(guess, support).first(most);
  }
}
