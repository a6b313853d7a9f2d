package dev.qwenmcp.engine.grammar;

import java.util.Arrays;

/**
 * Lets a model think first and holds it to a constraint from there on; not for several threads.
 *
 * <p>While it thinks, every token may come but those that end the generation: so thinking ends with
 * its mark, or with the bounds of the generation. Between the mark and the answer stands what the
 * model's format puts there.
 */
public final class AfterReasoning implements TokenConstraint {
  /**
   * The tokens around the thinking.
   *
   * @param open begins it
   * @param close ends it
   * @param between what follows the end before the answer begins
   * @param ends tokens that end a generation
   */
  public record Marks(int open, int close, int[] between, int[] ends) {
    public Marks {
      between = between.clone();
      ends = ends.clone();
    }
  }

  private enum Phase {
    /** The thinking may begin, or the answer without it. */
    BEFORE,
    THINKING,
    BETWEEN,
    ANSWER
  }

  private final Marks marks;
  private final TokenConstraint answer;
  private Phase phase;
  private int between; // tokens between thinking and answer that have come

  /**
   * @param thinks whether the thinking has begun already, in the prompt
   * @param answer of what follows the thinking
   */
  public AfterReasoning(Marks marks, boolean thinks, TokenConstraint answer) {
    this.marks = marks;
    this.answer = answer;
    this.phase = thinks ? Phase.THINKING : Phase.BEFORE;
  }

  /** Whether the answer has begun, or may begin with the next token. */
  public boolean answering() {
    return phase == Phase.ANSWER;
  }

  @Override
  public void mask(float[] logits) {
    switch (phase) {
      case BEFORE -> {
        float open = logits[marks.open];
        answer.mask(logits);
        logits[marks.open] = open;
      }
      case THINKING -> {
        for (int end : marks.ends) {
          if (end < logits.length) {
            logits[end] = Float.NEGATIVE_INFINITY;
          }
        }
      }
      case BETWEEN -> {
        int only = marks.between[between];
        float logit = logits[only];
        Arrays.fill(logits, Float.NEGATIVE_INFINITY);
        logits[only] = logit;
      }
      case ANSWER -> answer.mask(logits);
    }
  }

  @Override
  public void accept(int token) {
    switch (phase) {
      case BEFORE -> {
        if (token == marks.open) {
          phase = Phase.THINKING;
        } else {
          answer.accept(token);
          phase = Phase.ANSWER;
        }
      }
      case THINKING -> {
        if (token == marks.close) {
          phase = marks.between.length == 0 ? Phase.ANSWER : Phase.BETWEEN;
        }
      }
      case BETWEEN -> {
        if (token != marks.between[between]) {
          throw new IllegalArgumentException(
              "token " + token + " may not come here; draw from logits that mask() has seen");
        }
        if (++between == marks.between.length) {
          phase = Phase.ANSWER;
        }
      }
      case ANSWER -> answer.accept(token);
    }
  }

  @Override
  public boolean complete() {
    return phase == Phase.ANSWER && answer.complete();
  }

  @Override
  public boolean finished() {
    return phase == Phase.ANSWER && answer.finished();
  }

  @Override
  public int fitting(int[] tokens) {
    return phase == Phase.ANSWER ? answer.fitting(tokens) : tokens.length;
  }

  @Override
  public int[] forced(int most) {
    return switch (phase) {
      case BEFORE, THINKING -> new int[0];
      case BETWEEN ->
          Arrays.copyOfRange(
              marks.between, between, Math.min(marks.between.length, between + most));
      case ANSWER -> answer.forced(most);
    };
  }

  @Override
  public ForcedText forcedText() {
    return phase == Phase.ANSWER ? answer.forcedText() : ForcedText.NONE;
  }

  @Override
  public String expected() {
    return phase == Phase.ANSWER ? answer.expected() : "";
  }
}
