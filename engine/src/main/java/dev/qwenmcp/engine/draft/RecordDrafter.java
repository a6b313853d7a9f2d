package dev.qwenmcp.engine.draft;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;

/**
 * Drafts records like the one written before, with values of the prompt: {@link RecordTemplate}.
 */
public final class RecordDrafter implements Drafter {
  /** Tokens written before which there is no record: short answers need not know the prompt. */
  private static final int FIRST_TOKENS = 12;

  /** What speaks for a guess before any has come true or not. */
  private static final int FIRST_SUPPORT = 2;

  /** Support beyond this says nothing more, and is lost too slowly. */
  private static final int MOST_SUPPORT = 32;

  private static final int[] NOTHING = {};

  private final IntFunction<byte[]> bytes;
  private final Function<String, int[]> encoder;
  private final Words words = new Words();
  private int[] waiting = NOTHING; // begins with tokens that are not words yet
  private int count; // of these
  private int prompt; // tokens of these that were read, not written
  private RecordTemplate template; // null while they wait
  private int[] guess = NOTHING;
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

  /** {@inheritDoc} The first call brings the prompt and one token more, the first one written. */
  @Override
  public void accept(int... more) {
    if (template != null) {
      for (int token : more) {
        judge(token);
        write(token);
      }
      return;
    }
    prompt = count == 0 ? Math.max(0, more.length - 1) : prompt;
    if (count + more.length > waiting.length) {
      waiting = Arrays.copyOf(waiting, Math.max(2 * count, count + more.length));
    }
    System.arraycopy(more, 0, waiting, count, more.length);
    count += more.length;
  }

  private void write(int token) {
    int before = words.size();
    words.add(bytes.apply(token));
    for (int i = before; i < words.size(); i++) {
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
      guess = NOTHING;
      confirmed = 0;
      support = Math.max(support / 2, 1);
    }
  }

  @Override
  public Draft draft(int most, IntPredicate allowed) {
    guess = NOTHING;
    confirmed = 0;
    if (template == null) {
      if (count - prompt < FIRST_TOKENS) {
        return Draft.NONE;
      }
      begin();
    }
    int[] next = encoder.apply(new String(template.next(), StandardCharsets.UTF_8));
    if (next.length == 0 || !allowed.test(next[0])) {
      return Draft.NONE;
    }
    guess = next;
    return new Draft(next, support).first(most);
  }

  private void begin() {
    for (int i = 0; i < prompt; i++) {
      words.add(bytes.apply(waiting[i]));
    }
    template = new RecordTemplate(words, new PromptOrigins(words, words.size()));
    for (int i = prompt; i < count; i++) {
      write(waiting[i]);
    }
    waiting = NOTHING;
  }
}
