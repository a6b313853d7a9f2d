package dev.qwenmcp.engine.sample;

import java.util.Arrays;

/**
 * Makes tokens among the last {@code penaltyWindow} ones less likely (or, with values of the other
 * sign, more).
 *
 * <p>Per distinct token: the repetition penalty of Keskar et al. (CTRL, 2019) in the usual form
 * that divides positive logits and multiplies negative ones, then the presence penalty once and the
 * frequency penalty for each occurrence.
 */
final class Penalties {
  private static final int FIRST_CAPACITY = 64;

  private final float repetition;
  private final float presence;
  private final float frequency;
  private final int window;

  /** The last tokens, oldest overwritten first once it has grown to {@code window}. */
  private int[] recent;

  private int seen; // tokens in recent
  private int next; // where the next goes
  private int[] counts = new int[0]; // occurrences in recent by token id

  Penalties(SamplerSettings settings) {
    repetition = settings.repetitionPenalty();
    presence = settings.presencePenalty();
    frequency = settings.frequencyPenalty();
    boolean active = repetition != 1 || presence != 0 || frequency != 0;
    window = active ? settings.penaltyWindow() : 0;
    recent = new int[Math.min(window, FIRST_CAPACITY)];
  }

  /** Whether it changes logits. */
  boolean active() {
    return window > 0;
  }

  void accept(int token) {
    if (token < 0) {
      throw new IllegalArgumentException("token id is " + token + "; ids are not negative");
    }
    if (window == 0) {
      return;
    }
    if (seen == recent.length && seen < window) {
      recent = Arrays.copyOf(recent, (int) Math.min(2L * seen, window));
      next = seen;
    }
    if (token >= counts.length) {
      counts = Arrays.copyOf(counts, Math.max(token + 1, 2 * counts.length));
    }
    if (seen == window) {
      counts[recent[next]]--;
    } else {
      seen++;
    }
    recent[next] = token;
    counts[token]++;
    next = next + 1 == recent.length ? 0 : next + 1;
  }

  void apply(float[] logits) {
    for (int i = 0; i < seen; i++) {
      int token = recent[i];
      int count = counts[token];
      if (count < 0) {
        continue; // done already: its count is negated until the second loop
      }
      if (token >= logits.length) {
        throw new IllegalArgumentException(
            "token " + token + " was accepted, but there are only " + logits.length + " logits");
      }
      float logit = logits[token];
      logit = logit > 0 ? logit / repetition : logit * repetition;
      logits[token] = logit - presence - count * frequency;
      counts[token] = -count;
    }
    for (int i = 0; i < seen; i++) {
      int token = recent[i];
      counts[token] = Math.abs(counts[token]);
    }
  }
}
